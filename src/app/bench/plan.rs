//! The plan of a measurement, as a value and as a link.
//!
//! Nothing here needs a browser.

use engine::EngineKind;
use net::names;

/// The default networks: one of each family, and the deeper ResNet.
const NETWORKS: [&str; 6] =
    ["lenet5-modern", "alexnet-torchvision", "googlenet-torchvision", "resnet18", "resnet50", "vgg16"];

/// The networks and engines to time, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimingPlan {
    /// The networks by name, in running order.
    pub(crate) networks: Vec<String>,
    /// The engines, in running order.
    pub(crate) engines: Vec<EngineKind>,
    /// The most timed passes of a network on an engine.
    pub(crate) passes: usize,
    /// Seconds after which no further pass begins.
    pub(crate) seconds: f64,
}

impl Default for TimingPlan {
    fn default() -> Self {
        let networks = NETWORKS.map(str::to_owned).to_vec();
        Self { networks, engines: EngineKind::ALL.to_vec(), passes: 20, seconds: 10.0 }
    }
}

impl TimingPlan {
    /// Reads a link, whose parameters `get` returns. Unknown names are left out.
    pub(super) fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        let default = Self::default();
        let known = |name: &&str| names().any(|known| known == *name);
        let number = |name: &str| get(name).and_then(|text| text.parse::<f64>().ok()).filter(|number| *number > 0.0);
        let networks = get("net").map(|all| all.split(',').filter(known).map(str::to_owned).collect());
        let engines = get("engine").map(|all| all.split(',').filter_map(EngineKind::named).collect());
        Self {
            networks: networks.unwrap_or(default.networks),
            engines: engines.unwrap_or(default.engines),
            passes: number("passes").map_or(default.passes, |passes| passes as usize),
            seconds: number("seconds").unwrap_or(default.seconds),
        }
    }

    /// Returns the query of a link to this plan.
    pub(super) fn query(&self) -> String {
        let engines: Vec<&str> = self.engines.iter().map(|engine| engine.name()).collect();
        let (networks, engines) = (self.networks.join(","), engines.join(","));
        format!("?net={networks}&engine={engines}&passes={}&seconds={}", self.passes, self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_link_without_parameters_is_the_default() {
        assert_eq!(TimingPlan::parse(|_| None), TimingPlan::default());
    }

    #[wasm_bindgen_test]
    fn a_plan_survives_its_link() {
        let plan = TimingPlan {
            networks: vec!["vgg16".to_owned(), "lenet5".to_owned()],
            engines: vec![EngineKind::Cpu],
            passes: 3,
            seconds: 0.5,
        };
        let query = plan.query();
        assert_eq!(query, "?net=vgg16,lenet5&engine=cpu&passes=3&seconds=0.5");
        let get = |name: &str| {
            let parts = query[1..].split('&').filter_map(|part| part.split_once('='));
            parts.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
        };
        assert_eq!(TimingPlan::parse(get), plan);
    }

    #[wasm_bindgen_test]
    fn unknown_names_and_numbers_are_left_out() {
        let get = |name: &str| match name {
            "net" => Some("lenet5,nothing".to_owned()),
            "engine" => Some("tpu,gpu".to_owned()),
            "passes" => Some("-1".to_owned()),
            _ => Some("many".to_owned()),
        };
        let plan = TimingPlan::parse(get);
        assert_eq!((plan.networks, plan.engines), (vec!["lenet5".to_owned()], vec![EngineKind::Gpu]));
        assert_eq!((plan.passes, plan.seconds), (20, 10.0));
    }
}
