//! Draws tiles directly from a network's GPU buffers, without a readback.
//!
//! Each tile is one instance, and a tile is a whole mosaic of maps. The vertex shader looks up the extent of the tile
//! (of the map, the layer or the network, or a fixed one). The fragment shader reads the value of its cell from the
//! storage buffer of the node and colours it. It reads values as bits, so that NaN is seen: it is magenta. Colours are
//! sRGB-encoded, as those of a 2D canvas are.

use bytemuck::{Pod, Zeroable};
use wgpu::util::DeviceExt;

use super::shift::PixelRect;
use super::theme::{Theme, ThemePalette};
use super::tile::{ColourScale, Tile};
use engine::gpu::{Gpu, GpuNetwork};
use net::NodeId;

/// The source of `paint_maps.wgsl`.
pub const PAINT_SOURCE: &str = include_str!("../../../../shaders/paint_maps.wgsl");

/// The uniform `Canvas` of `paint_maps.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct CanvasParams {
    /// Width and height in device pixels.
    pub size: [f32; 2],
}

/// The instance `Tile` of `paint_maps.wgsl`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct TileInstance {
    /// x, y, width and height in pixels of the canvas.
    pub rect: [f32; 4],
    /// Index of the first value, columns and rows of a map, and the code of the ramp.
    pub grid: [u32; 4],
    /// Least and greatest value of a fixed scale, and how far the tile fades into the paper.
    pub fixed: [f32; 3],
    /// Index of the extent in the table of extents, or [`TileInstance::FIXED`].
    pub extent: u32,
    /// End of the values that may be drawn, number of maps, maps per row, and flags. Bit 0 of the flags tells whether
    /// each map has its own extent; the bits above it are the opacity in units of 1/255.
    pub maps: [u32; 4],
    /// Width and height of a map, and horizontal and vertical pitch of the maps, in pixels of the canvas.
    pub sizes: [f32; 4],
}

impl TileInstance {
    /// Marks an extent that is given in the instance and not looked up.
    pub const FIXED: u32 = u32::MAX;
    /// The vertex attributes by location, with their offsets in bytes.
    pub const ATTRIBUTES: [wgpu::VertexAttribute; 6] = wgpu::vertex_attr_array![
        0 => Float32x4, 1 => Uint32x4, 2 => Float32x3, 3 => Uint32, 4 => Uint32x4, 5 => Float32x4
    ];
}

/// The background of the tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// No background: the page shows through.
    Transparent,
    /// The paper colour of the theme.
    Paper,
}

/// The render pipeline for one texture format. All networks share it.
#[derive(Debug, Clone)]
pub struct PaintPipeline {
    gpu: Gpu,
    pipeline: wgpu::RenderPipeline,
}

impl PaintPipeline {
    /// Compiles the shader for textures of `format`. Choose a format that is not sRGB: the shader's colours are encoded
    /// already.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let module = gpu.device().create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("paint_maps"),
            source: wgpu::ShaderSource::Wgsl(PAINT_SOURCE.into()),
        });
        let instances = wgpu::VertexBufferLayout {
            array_stride: size_of::<TileInstance>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &TileInstance::ATTRIBUTES,
        };
        let pipeline = gpu.device().create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("paint_maps"),
            layout: None,
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(instances)],
            },
            primitive: wgpu::PrimitiveState { topology: wgpu::PrimitiveTopology::TriangleStrip, ..Default::default() },
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format,
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self { gpu: gpu.clone(), pipeline }
    }
}

/// Draws the tiles of one network.
#[derive(Debug)]
pub struct Painter {
    gpu: Gpu,
    pipeline: wgpu::RenderPipeline,
    canvas: wgpu::Buffer,
    palette: wgpu::Buffer,
    theme: Theme,
    common: wgpu::BindGroup,
    /// One bind group for each node whose output is kept.
    values: Vec<Option<wgpu::BindGroup>>,
    instances: wgpu::Buffer,
    /// Nodes, each with the range of instances that draw it.
    runs: Vec<(NodeId, std::ops::Range<u32>)>,
    tiles: Vec<Tile>,
}

impl Drop for Painter {
    /// Frees the buffers at once. A browser would free them only when it collects garbage.
    fn drop(&mut self) {
        [&self.canvas, &self.palette, &self.instances].into_iter().for_each(wgpu::Buffer::destroy);
    }
}

impl Painter {
    /// Creates a painter for `network`'s buffers, without tiles and in the light theme. `network` must be on the GPU of
    /// `pipeline`.
    pub fn new(pipeline: &PaintPipeline, network: &GpuNetwork) -> Self {
        let PaintPipeline { gpu, pipeline } = pipeline.clone();
        let device = gpu.device();
        let uniform = |label, contents: &[u8]| {
            let usage = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
            device.create_buffer_init(&wgpu::util::BufferInitDescriptor { label: Some(label), contents, usage })
        };
        let theme = Theme::default();
        let canvas = uniform("canvas", bytemuck::bytes_of(&CanvasParams { size: [1.0, 1.0] }));
        let palette = uniform("palette", bytemuck::bytes_of(theme.palette()));
        let group = |layout: u32, buffers: &[&wgpu::Buffer]| {
            let entries: Vec<wgpu::BindGroupEntry> = buffers
                .iter()
                .zip(0..)
                .map(|(buffer, binding)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("paint_maps"),
                layout: &pipeline.get_bind_group_layout(layout),
                entries: &entries,
            })
        };
        let common = group(0, &[&canvas, &palette, network.extents()]);
        let values = (0..network.nodes())
            .map(|node| network.output(NodeId(node)).map(|(buffer, _)| group(1, &[buffer])))
            .collect();
        let instances = instance_buffer(device, 64);
        Self {
            gpu: gpu.clone(),
            pipeline,
            canvas,
            palette,
            theme,
            common,
            values,
            instances,
            runs: Vec::new(),
            tiles: Vec::new(),
        }
    }

    /// Sets the theme.
    pub fn set_theme(&mut self, theme: Theme) {
        if self.theme != theme {
            self.theme = theme;
            self.gpu.queue().write_buffer(&self.palette, 0, bytemuck::bytes_of::<ThemePalette>(theme.palette()));
        }
    }

    /// Sets the size of the canvas in device pixels. The rectangles of the tiles are in the same unit.
    pub fn set_size(&mut self, width: u32, height: u32) {
        let params = CanvasParams { size: [width.max(1) as f32, height.max(1) as f32] };
        self.gpu.queue().write_buffer(&self.canvas, 0, bytemuck::bytes_of(&params));
    }

    /// Sets the tiles to draw. Setting the same tiles again costs nothing. Nodes are drawn in the order of the graph;
    /// tiles of one node keep their order.
    pub fn set_tiles(&mut self, network: &GpuNetwork, tiles: &[Tile]) {
        if self.tiles == tiles {
            return;
        }
        self.tiles = tiles.to_vec();
        let mut sorted = self.tiles.clone();
        net::order::sort_by_key(&mut sorted, |tile| tile.node);
        let instances: Vec<TileInstance> = sorted.iter().map(|tile| instance(network, tile)).collect();
        self.runs.clear();
        for (place, tile) in (0..).zip(&sorted) {
            match self.runs.last_mut() {
                Some((node, run)) if *node == tile.node => run.end = place + 1,
                _ => self.runs.push((tile.node, place..place + 1)),
            }
        }
        let bytes: &[u8] = bytemuck::cast_slice(&instances);
        if bytes.len() as u64 > self.instances.size() {
            let larger = instance_buffer(self.gpu.device(), instances.len().next_power_of_two());
            std::mem::replace(&mut self.instances, larger).destroy();
        }
        self.gpu.queue().write_buffer(&self.instances, 0, bytes);
    }

    /// Records the drawing of all tiles into `view`, after clearing it.
    pub fn draw(&self, encoder: &mut wgpu::CommandEncoder, view: &wgpu::TextureView, background: Background) {
        let clear = match background {
            Background::Transparent => wgpu::Color::TRANSPARENT,
            Background::Paper => {
                let [r, g, b, a] = self.theme.palette().paper.map(f64::from);
                wgpu::Color { r, g, b, a }
            }
        };
        self.record(encoder, view, wgpu::LoadOp::Clear(clear), std::iter::once(None));
    }

    /// Records the drawing of all tiles into some areas of `view`, on top of its content.
    pub fn draw_into(&self, encoder: &mut wgpu::CommandEncoder, view: &wgpu::TextureView, areas: &[PixelRect]) {
        self.record(encoder, view, wgpu::LoadOp::Load, areas.iter().copied().map(Some));
    }

    /// Records the drawing into each of `areas`. An area of `None` is all of `view`.
    fn record(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        view: &wgpu::TextureView,
        load: wgpu::LoadOp<wgpu::Color>,
        areas: impl Iterator<Item = Option<PixelRect>>,
    ) {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("paint_maps"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        });
        if self.runs.is_empty() {
            return;
        }
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.common, &[]);
        pass.set_vertex_buffer(0, self.instances.slice(..));
        for area in areas {
            if let Some(PixelRect { x, y, width, height }) = area {
                pass.set_scissor_rect(x, y, width, height);
            }
            for (node, run) in &self.runs {
                // The output of this node is not kept, so it cannot be drawn.
                let Some(values) = &self.values[node.0] else { continue };
                pass.set_bind_group(1, values, &[]);
                pass.draw(0..4, run.clone());
            }
        }
    }
}

fn instance_buffer(device: &wgpu::Device, tiles: usize) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("tiles"),
        size: (tiles * size_of::<TileInstance>()) as u64,
        usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// Returns the opacity of a tile in units of 1/255.
fn opacity(tile: &Tile) -> u32 {
    (tile.opacity.clamp(0.0, 1.0) * 255.0).round() as u32
}

fn instance(network: &GpuNetwork, tile: &Tile) -> TileInstance {
    let (min, max) = match tile.scale {
        ColourScale::Fixed(extent) => (extent.min, extent.max),
        _ => (0.0, 0.0),
    };
    let first = network.output(tile.node).map_or(0, |(_, first)| first);
    TileInstance {
        rect: tile.rect,
        grid: [(first + tile.first) as u32, tile.columns.max(1) as u32, tile.rows.max(1) as u32, tile.ramp.code()],
        fixed: [min, max, tile.dim],
        extent: tile.extent_index(network.maps()).map_or(TileInstance::FIXED, |place| place as u32),
        maps: [
            (first + network.values(tile.node)) as u32,
            tile.mosaic.maps as u32,
            tile.mosaic.across.max(1) as u32,
            u32::from(tile.scale == ColourScale::Map) | (opacity(tile) << 1),
        ],
        sizes: [tile.mosaic.map[0], tile.mosaic.map[1], tile.mosaic.pitch[0], tile.mosaic.pitch[1]],
    }
}
