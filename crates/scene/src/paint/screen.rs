//! A canvas of the page that the GPU draws on.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use engine::gpu::{Gpu, GpuError, GpuOptions};

/// A canvas with a WebGPU context.
#[derive(Debug)]
pub struct Screen {
    gpu: Gpu,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    /// A copy of what is shown, of the same size: the browser takes what it is given.
    kept: wgpu::Texture,
}

impl Drop for Screen {
    /// A browser would free it with its garbage, at some time.
    fn drop(&mut self) {
        self.kept.destroy();
    }
}

/// A texture for a copy of what is shown.
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

/// A part of a texture, to be copied from or to.
fn at(texture: &wgpu::Texture, (x, y): (u32, u32)) -> wgpu::TexelCopyTextureInfo<'_> {
    let origin = wgpu::Origin3d { x, y, z: 0 };
    wgpu::TexelCopyTextureInfo { texture, mip_level: 0, origin, aspect: wgpu::TextureAspect::All }
}

/// The texture that the canvas shows next.
#[derive(Debug)]
pub struct Frame {
    texture: wgpu::SurfaceTexture,
    view: wgpu::TextureView,
}

impl Frame {
    /// What to draw into.
    pub fn view(&self) -> &wgpu::TextureView {
        &self.view
    }
}

fn failed(reason: impl std::fmt::Debug) -> GpuError {
    GpuError::Screen { reason: format!("{reason:?}") }
}

impl Screen {
    /// Takes `canvas`, which must not have a context of another kind, at its present size.
    ///
    /// # Errors
    /// [`GpuError::Screen`] where the canvas gives no WebGPU context.
    pub fn new(gpu: &Gpu, canvas: HtmlCanvasElement) -> Result<Self, GpuError> {
        let (width, height) = (canvas.width().max(1), canvas.height().max(1));
        let surface = gpu.instance.create_surface(wgpu::SurfaceTarget::Canvas(canvas)).map_err(failed)?;
        let formats = surface.get_capabilities(&gpu.adapter).formats;
        // Colours are sRGB-encoded already: a format that encodes once more would change them.
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
            // Every browser has it, although the surface's capabilities do not say so.
            alpha_mode: wgpu::CompositeAlphaMode::PreMultiplied,
            view_formats: Vec::new(),
        };
        surface.configure(&gpu.device, &configuration);
        let kept = copy_of(gpu, &configuration);
        Ok(Self { gpu: gpu.clone(), surface, configuration, kept })
    }

    /// The format to make a [`super::PaintPipeline`] for.
    pub fn format(&self) -> wgpu::TextureFormat {
        self.configuration.format
    }

    /// Width and height in device pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.configuration.width, self.configuration.height)
    }

    /// Sets the canvas's size in device pixels; what it showed is gone then. The same size again costs nothing.
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

    /// Records the copying of what is drawn in `frame`, for [`Screen::recall`].
    pub fn keep(&self, encoder: &mut wgpu::CommandEncoder, frame: &Frame) {
        encoder.copy_texture_to_texture(at(&frame.texture.texture, (0, 0)), at(&self.kept, (0, 0)), self.kept.size());
    }

    /// Records the drawing into `frame`, which is empty, of what was kept last, so many pixels to the right and down, fewer
    /// than the canvas has.
    pub fn recall(&self, encoder: &mut wgpu::CommandEncoder, frame: &Frame, by: (i32, i32)) {
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

    /// The texture to draw the next frame into. Draw and submit before the task ends: the browser takes it then.
    ///
    /// # Errors
    /// [`GpuError::Screen`] where the canvas gives none.
    pub fn frame(&self) -> Result<Frame, GpuError> {
        match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(texture) | wgpu::CurrentSurfaceTexture::Suboptimal(texture) => {
                let view = texture.texture.create_view(&wgpu::TextureViewDescriptor::default());
                Ok(Frame { texture, view })
            }
            other => Err(failed(other)),
        }
    }

    /// Shows `frame`, whose commands were submitted.
    pub fn present(&self, frame: Frame) {
        self.gpu.queue.present(frame.texture);
    }
}

/// The colour of the probe: no default of any canvas.
const PROBE: [u8; 4] = [51, 102, 204, 255];
/// A canvas may be kept at lower precision, or in another colour space.
const PROBE_TOLERANCE: u8 = 8;
/// Width and height of the probe, in pixels.
const PROBE_SIDE: u32 = 8;

/// Whether this browser shows what WebGPU draws on a canvas. Some compute, but leave such canvases blank without an
/// error: so a known colour is drawn on one, and looked at through a 2D canvas.
///
/// Ask before making the [`Gpu`] that is to stay. In the browser that leaves them blank (Chromium without a GPU to
/// composite with), drawing on such a canvas ends the process that serves WebGPU: every device of the page is lost a
/// moment later, and for another moment no adapter answers. So this draws on a device of its own, and where the
/// canvas stays blank, it waits until that is over.
///
/// # Errors
/// [`GpuError::NoAdapter`] and [`GpuError::NoDevice`] where there is no WebGPU at all, [`GpuError::Screen`] where a
/// canvas or its context is not to be had.
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

/// How many pauses to wait at most for a device to go, and for another adapter: each took up to 0.6 s where tried.
const STEPS: usize = 30;
/// One pause.
const PAUSE_MS: i32 = 50;

async fn pause() {
    let Some(window) = web_sys::window() else { return };
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer there is no pause: the steps pass at once.
        if window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PAUSE_MS).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    // A timer never rejects.
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// As [`can_show`], at the risk of `gpu`.
///
/// # Errors
/// [`GpuError::Screen`] where a canvas or its context is not to be had, [`GpuError::Lost`] where the device is gone.
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
    let screen = Screen::new(gpu, drawn.clone())?;
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
