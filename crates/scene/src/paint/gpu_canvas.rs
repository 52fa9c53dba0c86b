//! A canvas of the page that the GPU draws on.
//!
//! Some browsers compute with WebGPU but leave its canvases blank without an error. [`can_show`] therefore draws a
//! known colour on a small canvas and reads it through a 2D canvas. It uses a device of its own, because drawing on a
//! canvas that stays blank can cost the device.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use engine::gpu::{Gpu, GpuError, GpuOptions};

/// A canvas with a WebGPU context.
#[derive(Debug)]
pub struct GpuCanvas {
    gpu: Gpu,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    /// A copy of the displayed image, of the same size. The browser takes the displayed texture away after each frame.
    kept: wgpu::Texture,
}

impl Drop for GpuCanvas {
    /// Frees the copy at once. A browser would free it only when it collects garbage.
    fn drop(&mut self) {
        self.kept.destroy();
    }
}

/// Creates the texture for the copy of the displayed image.
fn copy_of(gpu: &Gpu, configuration: &wgpu::SurfaceConfiguration) -> wgpu::Texture {
    let wgpu::SurfaceConfiguration { width, height, format, .. } = *configuration;
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("kept"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::COPY_SRC | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

/// Returns the part of a texture from `x`, `y` on, as source or destination of a copy.
fn at(texture: &wgpu::Texture, (x, y): (u32, u32)) -> wgpu::TexelCopyTextureInfo<'_> {
    let origin = wgpu::Origin3d { x, y, z: 0 };
    wgpu::TexelCopyTextureInfo { texture, mip_level: 0, origin, aspect: wgpu::TextureAspect::All }
}

/// The texture that the canvas shows next.
#[derive(Debug)]
pub struct CanvasFrame {
    texture: wgpu::SurfaceTexture,
    view: wgpu::TextureView,
}

impl CanvasFrame {
    /// The view to draw into.
    pub fn view(&self) -> &wgpu::TextureView {
        &self.view
    }
}

fn failed(reason: impl std::fmt::Debug) -> GpuError {
    GpuError::Screen { reason: format!("{reason:?}") }
}

impl GpuCanvas {
    /// Creates a WebGPU context for `canvas` at its present size. The canvas must not have a context of another kind.
    ///
    /// # Errors
    /// Returns [`GpuError::Screen`] if the canvas gives no WebGPU context or supports no format of eight bits per
    /// channel.
    pub fn new(gpu: &Gpu, canvas: HtmlCanvasElement) -> Result<Self, GpuError> {
        let (width, height) = (canvas.width().max(1), canvas.height().max(1));
        let surface = gpu.instance.create_surface(wgpu::SurfaceTarget::Canvas(canvas)).map_err(failed)?;
        let formats = surface.get_capabilities(&gpu.adapter).formats;
        // The colours are sRGB-encoded already. An sRGB format would encode them a second time.
        let plain = |format: &&wgpu::TextureFormat| {
            matches!(format, wgpu::TextureFormat::Rgba8Unorm | wgpu::TextureFormat::Bgra8Unorm)
        };
        let format = *formats.iter().find(plain).ok_or_else(|| failed("no format of eight bits"))?;
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT
                | wgpu::TextureUsages::COPY_SRC
                | wgpu::TextureUsages::COPY_DST,
            format,
            color_space: wgpu::SurfaceColorSpace::Auto,
            width,
            height,
            present_mode: wgpu::PresentMode::Fifo,
            desired_maximum_frame_latency: 2,
            // All browsers support this mode, although the capabilities of the surface do not list it.
            alpha_mode: wgpu::CompositeAlphaMode::PreMultiplied,
            view_formats: Vec::new(),
        };
        surface.configure(&gpu.device, &configuration);
        let kept = copy_of(gpu, &configuration);
        Ok(Self { gpu: gpu.clone(), surface, configuration, kept })
    }

    /// The texture format that a [`super::PaintPipeline`] for this canvas needs.
    pub fn format(&self) -> wgpu::TextureFormat {
        self.configuration.format
    }

    /// Width and height in device pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.configuration.width, self.configuration.height)
    }

    /// Sets the size of the canvas in device pixels, which clears it. Setting the same size again costs nothing.
    pub fn resize(&mut self, width: u32, height: u32) {
        let most = self.gpu.device.limits().max_texture_dimension_2d;
        let size = (width.clamp(1, most), height.clamp(1, most));
        if self.size() != size {
            (self.configuration.width, self.configuration.height) = size;
            self.surface.configure(&self.gpu.device, &self.configuration);
            let kept = copy_of(&self.gpu, &self.configuration);
            std::mem::replace(&mut self.kept, kept).destroy();
        }
    }

    /// Records a copy of `frame`'s content, for [`GpuCanvas::recall`].
    pub fn keep(&self, encoder: &mut wgpu::CommandEncoder, frame: &CanvasFrame) {
        encoder.copy_texture_to_texture(at(&frame.texture.texture, (0, 0)), at(&self.kept, (0, 0)), self.kept.size());
    }

    /// Records the copy of the last kept content into the empty `frame`, moved by `by` device pixels to the right and
    /// down. Each component of `by` must be smaller than the canvas.
    pub fn recall(&self, encoder: &mut wgpu::CommandEncoder, frame: &CanvasFrame, by: (i32, i32)) {
        let (width, height) = self.size();
        let along = |by: i32, most: u32| (by.min(0).unsigned_abs(), by.max(0).unsigned_abs(), most - by.unsigned_abs());
        let ((from_x, to_x, width), (from_y, to_y, height)) = (along(by.0, width), along(by.1, height));
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        encoder.copy_texture_to_texture(
            at(&self.kept, (from_x, from_y)),
            at(&frame.texture.texture, (to_x, to_y)),
            size,
        );
    }

    /// Returns the texture of the next frame. Draw and submit before the current task ends: the browser takes the
    /// texture then.
    ///
    /// # Errors
    /// Returns [`GpuError::Screen`] if the canvas gives no texture.
    pub fn frame(&self) -> Result<CanvasFrame, GpuError> {
        match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(texture) | wgpu::CurrentSurfaceTexture::Suboptimal(texture) => {
                let view = texture.texture.create_view(&wgpu::TextureViewDescriptor::default());
                Ok(CanvasFrame { texture, view })
            }
            other => Err(failed(other)),
        }
    }

    /// Shows `frame`, whose commands must be submitted.
    pub fn present(&self, frame: CanvasFrame) {
        self.gpu.queue.present(frame.texture);
    }
}

/// The colour of the probe. No canvas has it by default.
const PROBE: [u8; 4] = [51, 102, 204, 255];
/// Tolerated difference per byte: a canvas may be stored at lower precision or in another colour space.
const PROBE_TOLERANCE: u8 = 8;
/// Width and height of the probe, in pixels.
const PROBE_SIDE: u32 = 8;

/// Returns whether this browser shows what WebGPU draws on a canvas.
///
/// Some browsers compute with WebGPU but leave such canvases blank without an error. The test therefore draws a known
/// colour on one canvas and reads it back through a 2D canvas.
///
/// Call this before creating the [`Gpu`] that the page keeps. In the browser that leaves canvases blank (Chromium
/// without a GPU for compositing), drawing on such a canvas ends the process that serves WebGPU: a moment later every
/// device of the page is lost, and for another moment no adapter answers. The test therefore uses a device of its own.
/// If the canvas stays blank, it waits until WebGPU is available again.
///
/// # Errors
/// Returns [`GpuError::NoAdapter`] or [`GpuError::NoDevice`] if there is no WebGPU, and [`GpuError::Screen`] if a
/// canvas or its context is not available.
pub async fn can_show(options: &GpuOptions) -> Result<bool, GpuError> {
    let gpu = Gpu::new(options).await?;
    let shown = probe(&gpu)?;
    if !shown {
        for _ in 0..STEPS {
            if gpu.is_lost() {
                break;
            }
            pause().await;
        }
        for _ in 0..STEPS {
            if Gpu::new(options).await.is_ok_and(|next| !next.is_lost()) {
                break;
            }
            pause().await;
        }
    }
    gpu.destroy();
    Ok(shown)
}

/// The largest number of pauses to wait for the loss of the device, and again for another adapter. Each took up to 0.6
/// s in trials.
const STEPS: usize = 30;
/// Length of one pause, in milliseconds.
const PAUSE_MS: i32 = 50;

async fn pause() {
    let Some(window) = web_sys::window() else { return };
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer there is no pause: the promise resolves at once.
        if window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PAUSE_MS).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    // A timer never rejects.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Does the test of [`can_show`] with `gpu`, which may be lost by it.
///
/// # Errors
/// Returns [`GpuError::Screen`] if a canvas or its context is not available, and [`GpuError::Lost`] if the device is
/// lost.
pub fn probe(gpu: &Gpu) -> Result<bool, GpuError> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or_else(|| failed("no document"))?;
    let canvas = || -> Result<HtmlCanvasElement, GpuError> {
        let element = document.create_element("canvas").map_err(failed)?;
        let canvas: HtmlCanvasElement = element.dyn_into().map_err(failed)?;
        canvas.set_width(PROBE_SIDE);
        canvas.set_height(PROBE_SIDE);
        Ok(canvas)
    };
    let (drawn, seen) = (canvas()?, canvas()?);
    let screen = GpuCanvas::new(gpu, drawn.clone())?;
    let frame = screen.frame()?;
    let [r, g, b, a] = PROBE.map(|byte| f64::from(byte) / 255.0);
    gpu.record(|encoder| {
        encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("probe"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: frame.view(),
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color { r, g, b, a }),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
    })?;
    screen.present(frame);
    let context: CanvasRenderingContext2d = seen
        .get_context("2d")
        .map_err(failed)?
        .and_then(|context| context.dyn_into().ok())
        .ok_or_else(|| failed("no 2D context"))?;
    context.draw_image_with_html_canvas_element(&drawn, 0.0, 0.0).map_err(failed)?;
    let middle = f64::from(PROBE_SIDE / 2);
    let pixel = context.get_image_data(middle, middle, 1.0, 1.0).map_err(failed)?.data();
    Ok(pixel.iter().zip(PROBE).all(|(&got, want)| got.abs_diff(want) <= PROBE_TOLERANCE))
}
