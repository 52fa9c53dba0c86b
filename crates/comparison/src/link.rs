//! The link of a comparison as a plain value, and the limits of a comparison.
//!
//! Nothing here needs a browser.

use analysis::compare::chart::Scaling;
use analysis::compare::{Cost, Measure, SortOrder};
use net::names;

/// The default networks: one of each family, and the deepest.
pub(super) const DEFAULT_NETWORKS: [&str; 6] = ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "resnet152"];
/// The fewest networks of a comparison.
pub(super) const MIN_NETWORKS: usize = 2;
/// The most networks of a comparison: each has a colour of its own, and they fit side by side.
pub(super) const MAX_NETWORKS: usize = 8;
/// The measures of the bar chart.
pub(super) const BAR_MEASURES: [Measure; 5] =
    [Measure::Parameters, Measure::Macs, Measure::WeightBytes, Measure::ActivationBytes, Measure::Depth];

/// The part of a comparison that a link carries. The reader's own checkpoints are not in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ComparisonLink {
    /// The chosen networks, in the order of the declarations.
    pub(super) networks: Vec<&'static str>,
    pub(super) order: SortOrder,
    /// The network that the others are compared with.
    pub(super) baseline: Option<String>,
    /// True if auxiliary classifiers count.
    pub(super) with_auxiliary: bool,
    pub(super) scaling: Scaling,
    /// The measure of the bar chart.
    pub(super) measure: Measure,
    /// The cost in the charts along the depth.
    pub(super) cost: Cost,
    /// True if the charts along the depth share one scale.
    pub(super) shared_scale: bool,
    /// The chosen blocks that are not the default: the network's name and the block's.
    pub(super) blocks: Vec<(String, String)>,
}

/// A problem with the networks of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkProblem {
    /// The link names unknown networks.
    Unknown(String),
    /// The link names too many networks.
    TooMany,
    /// The link leaves too few networks.
    TooFew,
}

impl Default for ComparisonLink {
    fn default() -> Self {
        Self {
            networks: DEFAULT_NETWORKS.to_vec(),
            order: SortOrder::default(),
            baseline: None,
            with_auxiliary: true,
            scaling: Scaling::default(),
            measure: Measure::Parameters,
            cost: Cost::Parameters,
            shared_scale: false,
            blocks: Vec::new(),
        }
    }
}

/// Returns the known networks of a list, at least two and at most eight.
fn parse_networks(list: &str, problems: &mut Vec<LinkProblem>) -> Vec<&'static str> {
    let asked: Vec<&str> = list.split(',').filter(|name| !name.is_empty()).collect();
    let mut known: Vec<&'static str> = names().filter(|name| asked.contains(name)).collect();
    let unknown: Vec<&str> = asked.iter().filter(|name| !known.contains(name)).copied().collect();
    if !unknown.is_empty() {
        problems.push(LinkProblem::Unknown(unknown.join(", ")));
    }
    if known.len() > MAX_NETWORKS {
        known.truncate(MAX_NETWORKS);
        problems.push(LinkProblem::TooMany);
    }
    if known.len() < MIN_NETWORKS {
        problems.push(LinkProblem::TooFew);
        known = DEFAULT_NETWORKS.to_vec();
    }
    known
}

impl ComparisonLink {
    /// Reads a link, whose parameters `get` returns, and the problems with its networks. Blocks are not checked.
    pub(super) fn parse(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<LinkProblem>) {
        let (default, mut problems) = (Self::default(), Vec::new());
        let networks = get("net").map_or(default.networks, |list| parse_networks(&list, &mut problems));
        let is_log = get("scale").as_deref() == Some(Scaling::Log.name());
        let measure = get("bars").and_then(|name| Measure::named(&name));
        let pair = |text: &str| text.split_once(':').map(|(network, block)| (network.to_owned(), block.to_owned()));
        let link = Self {
            order: get("sort").and_then(|text| SortOrder::from_link(&text)).unwrap_or_default(),
            baseline: get("base").filter(|name| networks.iter().any(|known| known == name)),
            with_auxiliary: get("side").as_deref() != Some("0"),
            scaling: if is_log { Scaling::Log } else { default.scaling },
            measure: measure.filter(|measure| BAR_MEASURES.contains(measure)).unwrap_or(default.measure),
            cost: get("along").and_then(|name| Cost::named(&name)).unwrap_or(default.cost),
            shared_scale: get("shared").as_deref() == Some("1"),
            blocks: get("blocks").unwrap_or_default().split(',').filter_map(pair).collect(),
            networks,
        };
        (link, problems)
    }

    /// Returns the query of the link. Defaults are left out, except the networks.
    pub(super) fn query(&self) -> String {
        let default = Self::default();
        let mut parts = vec![format!("net={}", self.networks.join(","))];
        parts.extend(self.order.to_link().map(|order| format!("sort={order}")));
        parts.extend(self.baseline.as_ref().map(|name| format!("base={name}")));
        parts.extend((!self.with_auxiliary).then(|| "side=0".to_owned()));
        parts.extend((self.scaling != default.scaling).then(|| format!("scale={}", self.scaling.name())));
        parts.extend((self.measure != default.measure).then(|| format!("bars={}", self.measure.name())));
        parts.extend((self.cost != default.cost).then(|| format!("along={}", self.cost.name())));
        parts.extend(self.shared_scale.then(|| "shared=1".to_owned()));
        let blocks: Vec<String> = self.blocks.iter().map(|(network, block)| format!("{network}:{block}")).collect();
        parts.extend((!blocks.is_empty()).then(|| format!("blocks={}", blocks.join(","))));
        format!("?{}", parts.join("&"))
    }
}

/// Returns the address of a network on the stage, at one of its layers.
pub(super) fn stage_address(network: &str, layer: Option<&str>) -> String {
    match layer {
        Some(layer) => format!("/?net={network}&layer={layer}"),
        None => format!("/?net={network}"),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn parse(query: &str) -> (ComparisonLink, Vec<LinkProblem>) {
        let get = |name: &str| {
            let mut parts = query.trim_start_matches('?').split('&').filter_map(|part| part.split_once('='));
            parts.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
        };
        ComparisonLink::parse(get)
    }

    #[wasm_bindgen_test]
    fn a_link_without_parameters_is_the_default() {
        assert_eq!(parse(""), (ComparisonLink::default(), Vec::new()));
    }

    #[wasm_bindgen_test]
    fn a_comparison_survives_its_link() {
        let link = ComparisonLink {
            networks: vec!["alexnet", "vgg16"],
            order: SortOrder::from_link("macs").unwrap_or_default(),
            baseline: Some("vgg16".to_owned()),
            with_auxiliary: false,
            scaling: Scaling::Log,
            measure: Measure::Depth,
            cost: Cost::Macs,
            shared_scale: true,
            blocks: vec![("vgg16".to_owned(), "block3".to_owned())],
        };
        assert_eq!(parse(&link.query()), (link, Vec::new()));
    }

    #[wasm_bindgen_test]
    fn wrong_networks_are_reported() {
        let (link, problems) = parse("?net=alexnet,nothing");
        assert_eq!(link.networks, DEFAULT_NETWORKS);
        assert_eq!(problems, [LinkProblem::Unknown("nothing".to_owned()), LinkProblem::TooFew]);
        let all = names().collect::<Vec<_>>().join(",");
        let (link, problems) = parse(&format!("?net={all}"));
        assert_eq!((link.networks.len(), problems), (MAX_NETWORKS, vec![LinkProblem::TooMany]));
    }

    #[wasm_bindgen_test]
    fn a_baseline_is_one_of_the_networks() {
        assert_eq!(parse("?net=alexnet,vgg16&base=lenet5").0.baseline, None);
    }

    #[wasm_bindgen_test]
    fn the_stage_opens_at_a_layer() {
        assert_eq!(stage_address("vgg16", Some("fc6")), "/?net=vgg16&layer=fc6");
        assert_eq!(stage_address("vgg16", None), "/?net=vgg16");
    }
}
