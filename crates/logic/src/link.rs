//! The state of the stage page as the parameters of a link. docs/links.md lists the parameters.
//!
//! Reading never fails: a parameter that cannot be read is left out, and the rest counts. The page checks the names of
//! networks, layers and weights, because only it can say what is wrong with them.

/// The parameters of a link to the stage. Each is `None` or empty if the link does not have it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkState {
    /// The name of the network.
    pub net: Option<String>,
    /// The chosen engine: `gpu` or `cpu`.
    pub engine: Option<String>,
    /// The weights: `bundled`, `seed:N`, or an address.
    pub weights: Option<String>,
    /// Whether the network begins with the step that transforms its input.
    pub transform: Option<bool>,
    /// The kind of input: `drawing` or `photo`.
    pub input: Option<String>,
    /// The name of a sample photo or of a test picture.
    pub photo: Option<String>,
    /// The square of the photo: left, top and side, in parts of its shorter side.
    pub crop: Option<[f32; 3]>,
    /// The ablations, as `run --cut` takes them.
    pub cut: Option<String>,
    /// The state of the second stage: a link of its own.
    pub second: Option<String>,
    /// The stop of the tour, from 1.
    pub stop: Option<usize>,
    /// The names of the unfolded blocks.
    pub unfolded: Vec<String>,
    /// The camera: x and y of the scene's point in the middle, and the scale, which is positive.
    pub view: Option<[f32; 3]>,
    /// The name of the selected layer.
    pub layer: Option<String>,
    /// The selected map, from 0.
    pub map: Option<usize>,
    /// The row of the selected cell, from 0.
    pub y: Option<usize>,
    /// The column of the selected cell, from 0.
    pub x: Option<usize>,
    /// The range of the colours: `map`, `layer` or `network`.
    pub scale: Option<String>,
    /// The test digit under the strokes, from 0.
    pub digit: Option<usize>,
    /// The strokes, encoded.
    pub ink: Option<String>,
    /// The language.
    pub lang: Option<String>,
}

impl LinkState {
    /// Reads a state. `get` returns the decoded value of a parameter by its name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str| get(name).and_then(|text| text.parse().ok());
        let names = get("unfolded").unwrap_or_default();
        Self {
            net: get("net"),
            engine: get("engine"),
            weights: get("weights"),
            transform: get("transform").and_then(|text| match text.as_str() {
                "1" => Some(true),
                "0" => Some(false),
                _ => None,
            }),
            input: get("input"),
            photo: get("photo"),
            crop: get("crop").and_then(|text| read_numbers(&text)),
            cut: get("cut"),
            second: get("second"),
            stop: number("stop"),
            unfolded: names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            view: get("view").and_then(|text| read_numbers(&text)).filter(|[_, _, scale]| *scale > 0.0),
            layer: get("layer"),
            map: number("map"),
            y: number("y"),
            x: number("x"),
            scale: get("scale"),
            digit: number("digit"),
            ink: get("ink"),
            lang: get("lang"),
        }
    }

    /// Returns the parameters with their values, not yet encoded, in the order of the link.
    pub fn write(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut put = |name: &'static str, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        let number = |value: Option<usize>| value.map(|value| value.to_string());
        put("net", self.net.clone());
        put("engine", self.engine.clone());
        put("weights", self.weights.clone());
        put("transform", self.transform.map(|on| u8::from(on).to_string()));
        put("input", self.input.clone());
        put("photo", self.photo.clone());
        put("crop", self.crop.map(|[left, top, side]| format!("{left:.4},{top:.4},{side:.4}")));
        put("cut", self.cut.clone());
        put("second", self.second.clone());
        put("stop", number(self.stop));
        put("unfolded", Some(self.unfolded.join(",")).filter(|names| !names.is_empty()));
        put("view", self.view.map(|[x, y, scale]| format!("{x:.1},{y:.1},{scale:.4}")));
        put("layer", self.layer.clone());
        put("map", number(self.map));
        put("y", number(self.y));
        put("x", number(self.x));
        put("scale", self.scale.clone());
        put("digit", number(self.digit));
        put("ink", self.ink.clone());
        put("lang", self.lang.clone());
        pairs
    }
}

/// Reads exactly `N` finite numbers with commas between them.
fn read_numbers<const N: usize>(text: &str) -> Option<[f32; N]> {
    let number = |part: &str| part.parse().ok().filter(|number: &f32| number.is_finite());
    text.split(',').map(number).collect::<Option<Vec<f32>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> LinkState {
        LinkState::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn full() -> LinkState {
        LinkState {
            net: Some("vgg16".to_owned()),
            engine: Some("cpu".to_owned()),
            weights: Some("seed:3".to_owned()),
            transform: Some(true),
            input: Some("drawing".to_owned()),
            photo: Some("cat".to_owned()),
            crop: Some([0.125, 0.25, 0.5]),
            cut: Some("features.0:3".to_owned()),
            second: Some("net=alexnet&cut=a#b".to_owned()),
            stop: Some(4),
            unfolded: vec!["layer1".to_owned(), "layer1.0".to_owned()],
            view: Some([12.5, -3.0, 0.25]),
            layer: Some("features.0".to_owned()),
            map: Some(7),
            y: Some(1),
            x: Some(2),
            scale: Some("network".to_owned()),
            digit: Some(9),
            ink: Some("AQID".to_owned()),
            lang: Some("zh".to_owned()),
        }
    }

    #[test]
    fn a_written_state_reads_back() {
        for state in [full(), LinkState::default()] {
            let pairs = state.write();
            let borrowed: Vec<_> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(read(&borrowed), state);
        }
    }

    #[test]
    fn every_parameter_is_written_once() {
        let mut names: Vec<_> = full().write().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 20);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 20);
    }

    #[test]
    fn parameters_that_cannot_be_read_are_left_out() {
        let state = read(&[
            ("net", "lenet5"),
            ("view", "1,2"),
            ("crop", "0,0,NaN"),
            ("map", "-1"),
            ("y", "two"),
            ("stop", ""),
            ("transform", "yes"),
            ("unfolded", ",,a,"),
        ]);
        let wanted =
            LinkState { net: Some("lenet5".to_owned()), unfolded: vec!["a".to_owned()], ..LinkState::default() };
        assert_eq!(state, wanted);
    }

    #[test]
    fn a_camera_needs_a_positive_scale_and_finite_numbers() {
        for text in ["0,0,0", "0,0,-1", "inf,0,1", "0,0,1,2", ""] {
            assert_eq!(read(&[("view", text)]).view, None, "{text}");
        }
        assert_eq!(read(&[("view", "1.5,-2,0.5")]).view, Some([1.5, -2.0, 0.5]));
    }
}
