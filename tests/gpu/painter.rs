//! Compares the fragment shader with the rasteriser.

use engine::gpu::{Gpu, GpuNetwork, ReadbackRequest};
use engine::{Extent, ExtentTable};
use net::{Activation, Graph, NodeId, Op, Pointwise, Shape};
use scene::paint::{
    Background, ColourScale, PaintPipeline, Painter, PixelRect, Ramp, RasterImage, Theme, Tile, TileGrid, rasterise,
};

use crate::support::{Values, chain, gpu, weights};
use crate::tolerance::COLOUR;

/// The side of the picture in pixels. 64 pixels of four bytes are 256 bytes, the alignment of rows copied to a buffer.
const SIDE: u32 = 64;

fn texture(gpu: &Gpu) -> wgpu::Texture {
    gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: wgpu::Extent3d { width: SIDE, height: SIDE, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

/// Returns the bytes of a texture, row by row.
fn pixels(gpu: &Gpu, texture: &wgpu::Texture) -> Vec<u8> {
    let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: u64::from(SIDE * SIDE * 4),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(SIDE * 4), rows_per_image: None };
    gpu.record(|encoder| {
        let target = wgpu::TexelCopyBufferInfo { buffer: &buffer, layout };
        encoder.copy_texture_to_buffer(texture.as_image_copy(), target, texture.size());
    })
    .unwrap();
    buffer.map_async(wgpu::MapMode::Read, .., |result| result.unwrap());
    gpu.device().poll(wgpu::PollType::wait_indefinitely()).unwrap();
    buffer.get_mapped_range(..).unwrap().to_vec()
}

/// Returns the picture of `tiles` after a pass over `input`. The drawing is in the pass's own submit.
fn paint(gpu: &Gpu, network: &GpuNetwork, input: &[f32], theme: Theme, tiles: &[Tile], ground: Background) -> Vec<u8> {
    let pipeline = PaintPipeline::new(gpu, wgpu::TextureFormat::Rgba8Unorm);
    let mut painter = Painter::new(&pipeline, network);
    painter.set_theme(theme);
    painter.set_size(SIDE, SIDE);
    painter.set_tiles(network, tiles);
    let texture = texture(gpu);
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let mut draw = |encoder: &mut wgpu::CommandEncoder| painter.draw(encoder, &view, ground);
    pollster::block_on(network.pass(input, &ReadbackRequest::default(), Some(&mut draw))).unwrap();
    pixels(gpu, &texture)
}

/// Compares the cells of `tile` with the pixels of `image`. Returns the largest difference, or the place where it is
/// too large.
fn same(picture: &[u8], tile: &Tile, image: &[u8]) -> Result<u8, String> {
    let mut worst = 0;
    let [left, top, width, height] = tile.rect.map(|side| side as usize);
    for y in 0..height {
        for x in 0..width {
            let cell = y * tile.rows / height * tile.columns + x * tile.columns / width;
            let at = ((top + y) * SIDE as usize + left + x) * 4;
            for (got, want) in picture[at..at + 4].iter().zip(&image[cell * 4..cell * 4 + 4]) {
                worst = worst.max(got.abs_diff(*want));
                if worst > COLOUR {
                    return Err(format!("pixel {x},{y} (cell {cell}): {got}, wanted {want}"));
                }
            }
        }
    }
    Ok(worst)
}

/// A network that passes its input on, and an input of three 5x7 maps. The second map has NaN, infinities and zero.
fn maps() -> (Graph, Vec<f32>) {
    let identity = Op::Activation(Pointwise { function: Activation::Identity });
    let graph = chain(&[identity.clone(), identity], Shape::maps(3, 7, 5));
    let mut input: Vec<f32> = Values(11).reals(105);
    input[40] = f32::NAN;
    input[41] = f32::INFINITY;
    input[42] = f32::NEG_INFINITY;
    input[43] = 0.0;
    (graph, input)
}

/// Builds a network in which all weights are zero.
fn on(gpu: &Gpu, graph: &Graph) -> GpuNetwork {
    pollster::block_on(GpuNetwork::new(gpu, graph, &weights(graph, |n| vec![0.0; n]))).unwrap()
}

#[test]
fn every_ramp_theme_and_scale_matches_the_raster() {
    let gpu = gpu();
    let (graph, input) = maps();
    let network = on(&gpu, &graph);
    let outputs: Vec<&[f32]> = vec![&input; graph.nodes.len()];
    let table = ExtentTable::new(&graph);
    let extents = table.measure(&outputs);
    let scales = [
        ColourScale::Map,
        ColourScale::Layer,
        ColourScale::Network,
        ColourScale::Fixed(Extent { min: -0.25, max: 0.5 }),
    ];
    for theme in [Theme::Light, Theme::Dark] {
        for ramp in Ramp::ALL {
            let tiles: Vec<Tile> = scales
                .iter()
                .enumerate()
                .map(|(i, &scale)| Tile {
                    node: NodeId(1),
                    first: 35,
                    columns: 5,
                    rows: 7,
                    rect: [i as f32 * 16.0, 3.0 + i as f32, 15.0, 21.0],
                    mosaic: TileGrid::one([0.0, 0.0, 15.0, 21.0]),
                    ramp,
                    scale,
                    dim: i as f32 * 0.2,
                    opacity: 1.0,
                })
                .collect();
            let picture = paint(&gpu, &network, &input, theme, &tiles, Background::Transparent);
            for tile in &tiles {
                let extent = tile.extent(&table, &extents, 0);
                let image = rasterise(&input[35..70], (5, 7), ramp, theme, extent, tile.dim);
                same(&picture, tile, &image).unwrap_or_else(|e| panic!("{theme:?} {ramp:?} {:?}: {e}", tile.scale));
            }
            assert_eq!(picture[..4], [0; 4], "the ground should show through");
        }
    }
}

#[test]
fn a_wrong_picture_is_noticed() {
    let gpu = gpu();
    let (graph, input) = maps();
    let network = on(&gpu, &graph);
    let scale = ColourScale::Fixed(Extent { min: -1.0, max: 1.0 });
    let (node, ramp) = (NodeId(1), Ramp::Signed);
    let tile = Tile {
        node,
        first: 0,
        columns: 5,
        rows: 7,
        rect: [0.0, 0.0, 15.0, 21.0],
        mosaic: TileGrid::one([0.0, 0.0, 15.0, 21.0]),
        ramp,
        scale,
        dim: 0.0,
        opacity: 1.0,
    };
    let picture = paint(&gpu, &network, &input, Theme::Light, &[tile], Background::Transparent);
    let image = |values: &[f32]| rasterise(values, (5, 7), ramp, Theme::Light, Extent { min: -1.0, max: 1.0 }, 0.0);
    assert!(same(&picture, &tile, &image(&input[..35])).is_ok());
    let mut other = input[..35].to_vec();
    other[34] += 0.05;
    assert!(same(&picture, &tile, &image(&other)).is_err());
}

#[test]
fn cells_past_the_last_value_stay_paper() {
    let gpu = gpu();
    let identity = Op::Activation(Pointwise { function: Activation::Identity });
    let graph = chain(&[identity.clone(), identity], Shape::Vector(10));
    let network = on(&gpu, &graph);
    let (node, ramp, scale) = (NodeId(1), Ramp::Rectified, ColourScale::Map);
    let tile = Tile {
        node,
        first: 0,
        columns: 4,
        rows: 3,
        rect: [0.0, 0.0, 16.0, 12.0],
        mosaic: TileGrid::one([0.0, 0.0, 16.0, 12.0]),
        ramp,
        scale,
        dim: 0.0,
        opacity: 1.0,
    };
    let picture = paint(&gpu, &network, &[1.0; 10], Theme::Dark, &[tile], Background::Paper);
    let pixel = |x: usize, y: usize| &picture[(y * SIDE as usize + x) * 4..][..4];
    assert_eq!(pixel(7, 11), [0xfa, 0xfa, 0xdc, 255], "the tenth value");
    assert_eq!(pixel(8, 11), [0x11, 0x12, 0x14, 255], "past it");
}

#[test]
fn a_mosaic_of_any_size_matches_the_rasteriser_in_every_pixel() {
    let gpu = gpu();
    let (graph, input) = maps();
    let network = on(&gpu, &graph);
    let outputs: Vec<&[f32]> = vec![&input; graph.nodes.len()];
    let table = ExtentTable::new(&graph);
    let extents = table.measure(&outputs);
    // Cells of many pixels, of about one pixel, and of less than one; and a mosaic that extends beyond the edge. No
    // pixel's centre lies on the border between two cells, where either colour would be right.
    let sizes: [(f32, f32, f32, f32); 4] =
        [(2.37, 1.71, 25.93, 2.63), (5.13, 9.41, 5.29, 0.73), (11.23, 3.37, 2.21, 1.13), (-7.63, -20.29, 31.03, 4.19)];
    for (i, (left, top, side, seam)) in sizes.into_iter().enumerate() {
        for scale in [ColourScale::Map, ColourScale::Layer] {
            let map = [side, side * 1.4];
            let pitch = [map[0] + seam, map[1] + seam];
            let tile = Tile {
                node: NodeId(1),
                first: 0,
                columns: 5,
                rows: 7,
                rect: [left, top, pitch[0] * 2.0 - seam, pitch[1] * 2.0 - seam],
                mosaic: TileGrid { maps: 3, across: 2, map, pitch },
                ramp: Ramp::Signed,
                scale,
                dim: i as f32 * 0.2,
                opacity: 1.0,
            };
            let got = paint(&gpu, &network, &input, Theme::Dark, &[tile], Background::Transparent);
            let mut picture = RasterImage::default();
            picture.clear(SIDE as usize, SIDE as usize);
            picture.draw(&tile, &input, |map| tile.extent(&table, &extents, map), Theme::Dark);
            let drawn = got.chunks(4).filter(|pixel| pixel[3] > 0).count();
            assert!(drawn > 10, "{tile:?}: {drawn} pixels");
            for (place, (got, want)) in got.chunks(4).zip(picture.rgba().chunks(4)).enumerate() {
                let far = got.iter().zip(want).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
                let (x, y) = (place % SIDE as usize, place / SIDE as usize);
                // The rasteriser uses a table of shades: allow one more than the shader's own rounding.
                assert!(far <= COLOUR + 1, "{scale:?} pixel {x},{y} of {tile:?}: {got:?}, wanted {want:?}");
            }
        }
    }
}

#[test]
fn a_translucent_tile_over_an_opaque_one_matches_the_rasteriser() {
    let gpu = gpu();
    let (graph, input) = maps();
    let network = on(&gpu, &graph);
    let tile = |first: usize, rect: [f32; 4], opacity: f32| Tile {
        node: NodeId(1),
        first,
        columns: 5,
        rows: 7,
        rect,
        mosaic: TileGrid::one(rect),
        ramp: Ramp::Signed,
        scale: ColourScale::Fixed(Extent { min: -1.0, max: 1.0 }),
        dim: 0.0,
        opacity,
    };
    let tiles = [tile(0, [2.0, 3.0, 40.0, 49.0], 1.0), tile(70, [9.0, 12.0, 20.0, 21.0], 0.4)];
    let got = paint(&gpu, &network, &input, Theme::Light, &tiles, Background::Transparent);
    let mut picture = RasterImage::default();
    picture.clear(SIDE as usize, SIDE as usize);
    let extent = |_| Extent { min: -1.0, max: 1.0 };
    tiles.iter().for_each(|tile| picture.draw(tile, &input, extent, Theme::Light));
    let mut opaque = RasterImage::default();
    opaque.clear(SIDE as usize, SIDE as usize);
    opaque.draw(&tiles[0], &input, extent, Theme::Light);
    assert_ne!(opaque.rgba(), picture.rgba());
    for (place, (got, want)) in got.chunks(4).zip(picture.rgba().chunks(4)).enumerate() {
        let far = got.iter().zip(want).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0);
        assert!(far <= COLOUR + 1, "pixel {place}: {got:?}, wanted {want:?}");
    }
}

#[test]
fn drawing_into_areas_changes_only_these_areas() {
    let gpu = gpu();
    let (graph, input) = maps();
    let network = on(&gpu, &graph);
    let scale = ColourScale::Fixed(Extent { min: -1.0, max: 1.0 });
    let (columns, rows, rect) = (5, 7, [0.0, 0.0, 64.0, 64.0]);
    let (mosaic, ramp) = (TileGrid::one(rect), Ramp::Signed);
    let tile = Tile { node: NodeId(1), first: 0, columns, rows, rect, mosaic, ramp, scale, dim: 0.0, opacity: 1.0 };
    let whole = paint(&gpu, &network, &input, Theme::Light, &[tile], Background::Transparent);

    let mut painter = Painter::new(&PaintPipeline::new(&gpu, wgpu::TextureFormat::Rgba8Unorm), &network);
    painter.set_size(SIDE, SIDE);
    let (texture, areas) = (texture(&gpu), [area(0, 0, 5, 64), area(5, 60, 59, 4)]);
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    gpu.record(|encoder| painter.draw(encoder, &view, Background::Paper)).unwrap();
    painter.set_tiles(&network, &[tile]);
    gpu.record(|encoder| painter.draw_into(encoder, &view, &areas)).unwrap();
    let paper = Theme::Light.palette().paper.map(|part| (part * 255.0).round() as u8);
    for (place, (got, whole)) in pixels(&gpu, &texture).chunks(4).zip(whole.chunks(4)).enumerate() {
        let (x, y) = (place as u32 % SIDE, place as u32 / SIDE);
        let inside = areas.iter().any(|a| (a.x..a.x + a.width).contains(&x) && (a.y..a.y + a.height).contains(&y));
        assert_eq!(got, if inside { whole } else { &paper[..] }, "pixel {x},{y}");
    }
}

fn area(x: u32, y: u32, width: u32, height: u32) -> PixelRect {
    PixelRect { x, y, width, height }
}
