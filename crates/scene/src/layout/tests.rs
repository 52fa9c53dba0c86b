use super::*;
use crate::Shortcut;
use crate::geometry::Rect;
use net::{Graph, Op, names, network};

fn graph(name: &str) -> Graph {
    network(name).expect("should be declared")
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

/// Returns every network in two states: folded as at first, and fully unfolded.
fn scenes() -> impl Iterator<Item = (Graph, Scene)> {
    names().flat_map(|name| {
        let graph = graph(name);
        let folds = [Scene::initial_folds(&graph), Folds::new()];
        folds.map(|folds| (graph.clone(), Scene::of(&graph, &folds)))
    })
}

#[test]
fn every_node_is_shown() {
    for (graph, scene) in scenes() {
        for (id, node) in graph.iter().filter(|(_, node)| !matches!(node.op, Op::Softmax(_))) {
            assert!(scene.tile_containing(&graph, id).is_some(), "{} {}", graph.name, node.name);
        }
    }
}

#[test]
fn nothing_overlaps_and_all_is_inside() {
    for (graph, scene) in scenes() {
        let named = |tile: &SceneTile| &graph.node(tile.node).name;
        for (i, tile) in scene.tiles.iter().enumerate() {
            let (r, b) = (tile.rect, scene.bounds);
            assert!(r.x >= b.x && r.y >= b.y && r.x + r.w <= b.x + b.w && r.y + r.h <= b.y + b.h);
            if let Some(other) = scene.tiles[..i].iter().find(|other| overlap(other.rect, r)) {
                panic!("{}: {} and {}", graph.name, named(tile), named(other));
            }
        }
    }
}

#[test]
fn layers_go_from_left_to_right() {
    for (graph, scene) in scenes() {
        for edge in &scene.edges {
            let (from, to) = (&scene.tiles[edge.from], &scene.tiles[edge.to]);
            assert!(from.rect.x + from.rect.w < to.rect.x, "{}: {:?} to {:?}", graph.name, from.subject, to.subject);
        }
    }
}

#[test]
fn an_inception_module_has_four_branches_in_order() {
    let graph = graph("googlenet");
    let scene = Scene::of(&graph, &Folds::new());
    let tile =
        |name: &str| scene.tile_containing(&graph, graph.find(name).expect("should be a node")).expect("should stand");
    let branches = ["branch1", "branch2", "branch3", "branch4"].map(|branch| tile(&format!("inception3a.{branch}")));
    assert_eq!(branches.map(|branch| branch.branch), [Some(0), Some(1), Some(2), Some(3)]);
    assert!(branches.windows(2).all(|pair| pair[0].rect.y + pair[0].rect.h < pair[1].rect.y));
    assert_eq!(tile("inception3a.branch3_reduce").branch, Some(2));
    assert_eq!(tile("inception3a").branch, None);
}

#[test]
fn auxiliary_classifiers_hang_below_the_line() {
    let graph = graph("googlenet");
    let scene = Scene::of(&graph, &Scene::initial_folds(&graph));
    let tile =
        |name: &str| scene.tile_containing(&graph, graph.find(name).expect("should be a node")).expect("should stand");
    let (trunk, side) = (tile("inception4b"), tile("aux1"));
    assert!(side.rect.y > trunk.rect.y + trunk.rect.h);
    assert!(matches!(side.subject, TileSubject::Block(_)));
}

#[test]
fn a_shortcut_arches_over_its_block() {
    let graph = graph("resnet18");
    let scene = Scene::of(&graph, &Folds::new());
    let shortcuts: Vec<&Edge> = scene.edges.iter().filter(|edge| edge.shortcut).collect();
    // Five identities have one edge each. Three projections have three edges each: to the convolution, to its
    // normalization, to the sum.
    assert_eq!(shortcuts.len(), 5 + 3 * 3);
    let arches = shortcuts.iter().filter(|edge| matches!(edge.route, Route::Arch { .. })).count();
    assert_eq!(arches, 5);
    for edge in shortcuts {
        let Route::Arch { top } = edge.route else { continue };
        let (from, to) = (scene.tiles[edge.from].rect, scene.tiles[edge.to].rect);
        let between =
            scene.tiles.iter().filter(|tile| tile.rect.x > from.x + from.w && tile.rect.x + tile.rect.w < to.x);
        assert!(between.clone().count() > 0);
        assert!(between.into_iter().all(|tile| tile.rect.y > top));
    }
}

#[test]
fn two_towers_lie_one_below_the_other() {
    let graph = graph("alexnet");
    let scene = Scene::of(&graph, &Folds::new());
    let towers = |name: &str| {
        let node = graph.find(name).expect("should be a node");
        scene.tile_containing(&graph, node).expect("should stand").mosaic.towers
    };
    let found = ["input", "conv1", "norm1", "conv2", "pool2", "conv3", "conv5", "pool5", "fc6"].map(towers);
    assert_eq!(found, [1, 2, 2, 2, 2, 2, 2, 2, 1]);
}

#[test]
fn a_point_of_a_mosaic_gives_the_map_and_cell_at_it() {
    let graph = graph("alexnet");
    let scene = Scene::of(&graph, &Folds::new());
    let conv2 = graph.find("conv2").expect("should be a node");
    let mosaic = scene.tile_containing(&graph, conv2).expect("should stand").mosaic;
    for map in [0, 1, 17, 127, 128, 200, 255] {
        let (x, y) = mosaic.corner(map).expect("should be shown");
        assert_eq!(mosaic.at(x + 0.1, y + 0.1), Some((map, 0, 0)));
        let end = mosaic.at(x + mosaic.map.0 - 0.1, y + mosaic.map.1 - 0.1);
        assert_eq!(end, Some((map, mosaic.columns - 1, mosaic.rows - 1)));
        assert_eq!(mosaic.at(x - mosaic.seam.0 / 2.0, y + 1.0).filter(|_| map % mosaic.across > 0), None);
    }
    let (w, h) = mosaic.size();
    assert_eq!(mosaic.at(w + 1.0, 1.0), None);
    assert_eq!(mosaic.at(1.0, h + 1.0), None);
}

#[test]
fn small_scales_show_fewer_maps_in_the_same_space() {
    for (graph, scene) in scenes() {
        for tile in scene.tiles.iter().filter(|tile| !graph.node(tile.node).shape.is_flat()) {
            let (full, far) = (tile.mosaic, tile.mosaic.at_scale(0.05));
            assert_eq!(full.at_scale(10.0), full);
            let (own, less) = (full.size(), far.size());
            let name = &graph.node(tile.node).name;
            assert!(less.0 <= own.0 * 1.001 && less.1 <= own.1 * 1.001, "{} {name}: {own:?} {less:?}", graph.name);
            assert!(far.map.0 * 0.05 >= 12.9 || far.across == 1 || far.down == 1, "{} {name}: {far:?}", graph.name);
            for map in far.all() {
                let (x, y) = far.corner(map).expect("should be shown");
                assert_eq!(far.at(x + 0.1, y + 0.1).map(|found| found.0), Some(map), "{} {name}", graph.name);
            }
            assert_eq!(full.all().count(), full.maps);
        }
    }
}

#[test]
fn levels_of_detail_cross_fade() {
    let graph = graph("vgg16");
    let scene = Scene::of(&graph, &Folds::new());
    let tile =
        scene.tile_containing(&graph, graph.find("features.7").expect("should be a node")).expect("should stand");
    let mut before: Option<Vec<(Mosaic, f32)>> = None;
    let mut changes = 0;
    for step in 0..600 {
        let scale = 2.0 * 0.99_f32.powi(step);
        let now = tile.mosaic.fading(scale);
        let whole: f32 = now.iter().map(|(_, opacity)| opacity).sum();
        assert!((whole - 1.0).abs() < 1e-5 && now.iter().any(|(mosaic, _)| *mosaic == tile.mosaic.at_scale(scale)));
        // No mosaic appears or disappears suddenly.
        for (mosaic, opacity) in before.iter().flatten() {
            let later = now.iter().find(|(other, _)| other == mosaic).map_or(0.0, |(_, opacity)| *opacity);
            assert!((later - opacity).abs() < 0.15, "at {scale}: {opacity}, then {later}");
            changes += usize::from(later != *opacity);
        }
        before = Some(now);
    }
    assert!(changes > 10);
}

#[test]
fn pooled_maps_line_up_with_their_inputs() {
    let graph = graph("lenet5");
    let scene = Scene::of(&graph, &Folds::new());
    let middle = |name: &str, map: usize| {
        let node = graph.find(name).expect("should be a node");
        let tile = scene.tile_containing(&graph, node).expect("should stand");
        tile.mosaic.place(tile.rect, map).expect("should be shown").middle().1
    };
    for map in 0..6 {
        assert!((middle("C1", map) - middle("S2", map)).abs() < 0.01);
    }
}

#[test]
fn folding_turns_a_block_into_one_tile() {
    let graph = graph("resnet50");
    let folded = Scene::of(&graph, &Scene::initial_folds(&graph));
    // The input, the stem of four nodes, sixteen blocks, the global average and the scores.
    assert_eq!(folded.tiles.len(), 1 + 4 + 16 + 2);
    let one = folded.tiles.iter().find(|tile| matches!(tile.subject, TileSubject::Block(_))).expect("should be folded");
    assert_eq!(graph.node(one.node).name, "layer1.0");
    let seen = folded.seen(one.rect).count();
    assert_eq!(seen, 1);
}

#[test]
fn folded_blocks_have_signs_of_their_content() {
    use crate::Shortcut;
    let signs = |name: &str| {
        let graph = graph(name);
        let scene = Scene::of(&graph, &Scene::initial_folds(&graph));
        scene.signs(&graph).into_iter().map(|(_, sign)| sign).collect::<Vec<_>>()
    };
    // The counts of identities, projections and zero paddings.
    let count = |name: &str| {
        let mut counts = [0; 3];
        for sign in signs(name) {
            match sign {
                Sign::Arch(Shortcut::Identity) => counts[0] += 1,
                Sign::Arch(Shortcut::Projection { .. }) => counts[1] += 1,
                Sign::Arch(Shortcut::Padded { .. }) => counts[2] += 1,
                other => panic!("{name}: {other:?}"),
            }
        }
        counts
    };
    assert_eq!(count("resnet50"), [12, 4, 0]);
    assert_eq!(count("resnet20-cifar"), [7, 0, 2]);
    assert_eq!(signs("plain20-cifar"), []);
    assert_eq!(signs("googlenet")[0], Sign::Bands(vec![64, 128, 32, 32]));
    assert_eq!(signs("googlenet").len(), 9);
    assert_eq!(signs("vgg16"), []);
}

#[test]
fn a_folded_residual_block_is_described_by_its_addition() {
    let graph = graph("resnet18");
    let scene = Scene::of(&graph, &Scene::initial_folds(&graph));
    let block = graph.blocks.iter().find(|block| block.name == "layer1.0").expect("should be a block");
    let described = scene.described_node(&graph, block.output);
    assert!(matches!(graph.node(described).op, Op::Add(_)) && block.nodes.contains(&described.0));
    let stem = graph.find("conv1").expect("should be a node");
    assert_eq!(scene.described_node(&graph, stem), stem);
}

#[test]
fn folded_blocks_are_summarised_in_numbers() {
    let said = |network: &str, name: &str, fold: bool| {
        let graph = graph(network);
        let scene = Scene::of(&graph, &if fold { Scene::initial_folds(&graph) } else { Folds::new() });
        let block = graph.blocks.iter().find(|block| block.name == name).expect("should be a block");
        scene.folded(&graph, block.output)
    };
    let residual = |convolutions, shortcut| Some(BlockSummary::Residual { convolutions, shortcut });
    let projection = graph("resnet50").find("layer1.0.downsample.0").expect("should be a node");
    assert_eq!(said("resnet50", "layer1.0", true), residual(3, Some(Shortcut::Projection { node: projection })));
    assert_eq!(said("resnet18", "layer1.1", true), residual(2, Some(Shortcut::Identity)));
    assert_eq!(said("resnet20-cifar", "layer2.0", true), residual(2, Some(Shortcut::Padded { stride: 2, zeros: 16 })));
    assert_eq!(said("plain20-cifar", "layer1.0", true), residual(2, None));
    assert_eq!(said("googlenet", "inception3a", true), Some(BlockSummary::Inception { branches: 4, maps: 256 }));
    assert_eq!(said("googlenet", "inception3a", false), None);
}
