//! Validates every shader with naga, and compares every struct that Rust and WGSL share field by field.

use std::collections::BTreeMap;
use std::path::Path;

use engine::gpu;
use engine::gpu::{CONV2D_COMMON_SOURCE, CONV2D_MAPS_SOURCE, Kernel, SHARED_SOURCE};
use naga::{ShaderStage, TypeInner};
use scene::paint::{CanvasParams, PAINT_SOURCE, ThemePalette, TileInstance};

fn parse(name: &str, source: &str) -> naga::Module {
    let module = naga::front::wgsl::parse_str(source).unwrap_or_else(|e| panic!("{}", e.emit_to_string(source)));
    let flags = naga::valid::ValidationFlags::all();
    let mut validator = naga::valid::Validator::new(flags, naga::valid::Capabilities::empty());
    validator.validate(&module).unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(source)));
    module
}

/// Returns the names and offsets of a struct's fields, and its size.
fn layout(module: &naga::Module, name: &str) -> (Vec<(String, usize)>, usize) {
    let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name));
    let Some((_, naga::Type { inner: TypeInner::Struct { members, span }, .. })) = found else {
        panic!("there is no struct {name}")
    };
    let field = |m: &naga::StructMember| (m.name.clone().unwrap_or_default(), m.offset as usize);
    (members.iter().map(field).collect(), *span as usize)
}

/// Returns the files in `shaders/`, by name without `.wgsl`.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
    std::fs::read_dir(folder)
        .expect("should find shaders/")
        .map(|entry| {
            let path = entry.expect("should read shaders/").path();
            let name = path.file_stem().expect("should have a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("should read a shader"))
        })
        .collect()
}

#[test]
fn every_file_is_valid_and_used() {
    let mut files = files();
    assert_eq!(files.remove("shared").as_deref(), Some(SHARED_SOURCE));
    assert_eq!(files.remove("conv2d_common").as_deref(), Some(CONV2D_COMMON_SOURCE));
    assert_eq!(files.remove("conv2d_maps").as_deref(), Some(CONV2D_MAPS_SOURCE));
    assert_eq!(files.remove("paint_maps").as_deref(), Some(PAINT_SOURCE));
    let module = parse("paint_maps", PAINT_SOURCE);
    let stages: Vec<ShaderStage> = module.entry_points.iter().map(|e| e.stage).collect();
    assert_eq!(stages, [ShaderStage::Vertex, ShaderStage::Fragment]);
    for kernel in Kernel::ALL {
        let own = files.remove(kernel.name()).unwrap_or_else(|| panic!("{} has no file", kernel.name()));
        let shared = match kernel {
            Kernel::Conv2dPointwise => vec![CONV2D_COMMON_SOURCE, SHARED_SOURCE],
            _ if kernel.name().starts_with("conv2d") => vec![CONV2D_COMMON_SOURCE, CONV2D_MAPS_SOURCE, SHARED_SOURCE],
            _ => vec![SHARED_SOURCE],
        };
        assert_eq!(kernel.source(), own.clone() + &shared.concat());
        assert!(own.starts_with("// "), "{} should say first what it does", kernel.name());
        let module = parse(kernel.name(), kernel.source());
        let [entry] = module.entry_points.as_slice() else { panic!("{} has several entries", kernel.name()) };
        assert_eq!((entry.name.as_str(), entry.stage), ("main", ShaderStage::Compute));
        assert_eq!(entry.workgroup_size, [Kernel::WORKGROUP as u32, 1, 1]);
    }
    assert!(files.is_empty(), "no kernel uses {:?}", files.keys());
}

#[test]
#[should_panic(expected = "no definition in scope")]
fn a_kernel_without_the_shared_source_is_invalid() {
    parse("broken", files().get("linear").expect("should find linear.wgsl"));
}

#[test]
fn uniforms_have_the_layout_that_the_kernels_read() {
    macro_rules! check {
        ($($kernel:ident $params:ident),* $(,)?) => {$(
            let module = parse(Kernel::$kernel.name(), Kernel::$kernel.source());
            let (fields, span) = layout(&module, "Params");
            let ours: Vec<(String, usize)> =
                gpu::$params::LAYOUT.iter().map(|&(name, offset)| (name.to_owned(), offset)).collect();
            assert_eq!(ours, fields, "{}", Kernel::$kernel.name());
            assert_eq!(size_of::<gpu::$params>(), span, "{}", Kernel::$kernel.name());
        )*};
    }
    check!(
        Activation ActivationParams,
        Add AddParams,
        AvgPool2d AvgPool2dParams,
        BatchNorm BatchNormParams,
        ChannelAffine ChannelAffineParams,
        Conv2d Conv2dParams,
        Conv2dDeep Conv2dParams,
        Conv2dDirect Conv2dParams,
        Conv2dGemm Conv2dParams,
        Conv2dPointwise Conv2dParams,
        Conv2dPoints Conv2dParams,
        Conv2dRows Conv2dParams,
        ExtentReduce ExtentReduceParams,
        ExtentMaps ExtentMapsParams,
        Linear LinearParams,
        Lrn LrnParams,
        MaxPool2d MaxPool2dParams,
        PadShortcut PadShortcutParams,
        Rbf RbfParams,
        Softmax SoftmaxParams,
        Subsample SubsampleParams,
    );
}

#[test]
fn colours_and_tiles_have_the_layout_that_the_painter_reads() {
    use std::mem::offset_of;
    macro_rules! fields {
        ($kind:ident: $($field:ident),*) => {
            vec![$((stringify!($field).to_owned(), offset_of!($kind, $field))),*]
        };
    }
    let module = parse("paint_maps", PAINT_SOURCE);
    let palette = fields!(ThemePalette: paper, not_a_number, negative, zero, positive, weight_negative, weight_positive,
        ink_low, ink_high, rectified);
    assert_eq!((palette, size_of::<ThemePalette>()), layout(&module, "Palette"));
    assert_eq!((fields!(CanvasParams: size), size_of::<CanvasParams>()), layout(&module, "Canvas"));

    // A tile is read by location: each attribute has the offset of the field with its name.
    let ours = fields!(TileInstance: rect, grid, fixed, extent, maps, sizes);
    let (theirs, _) = layout(&module, "Tile");
    for (i, attribute) in TileInstance::ATTRIBUTES.iter().enumerate() {
        assert_eq!(attribute.shader_location as usize, i);
        assert_eq!((ours[i].0.as_str(), ours[i].1 as u64), (theirs[i].0.as_str(), attribute.offset));
    }
    let end = offset_of!(TileInstance, sizes) + size_of::<[f32; 4]>();
    assert_eq!(size_of::<TileInstance>(), end);
}
