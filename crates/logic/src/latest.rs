//! The newest of several requests.

/// Numbers requests of one kind, so that the result of an older request can be recognized and dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LatestRequest(u64);

/// The number of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u64);

impl LatestRequest {
    /// Begins a request. From now on it is the latest one.
    pub fn begin(&mut self) -> RequestId {
        self.0 = self.0.wrapping_add(1);
        RequestId(self.0)
    }

    /// Returns whether no request has begun since `id`.
    pub fn is_latest(self, id: RequestId) -> bool {
        self.0 == id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_request_is_the_latest() {
        let mut latest = LatestRequest::default();
        let first = latest.begin();
        assert!(latest.is_latest(first));
        let second = latest.begin();
        assert!(latest.is_latest(second));
        assert!(!latest.is_latest(first));
    }

    #[test]
    fn a_request_of_any_origin_supersedes_a_live_camera() {
        let mut latest = LatestRequest::default();
        let camera = latest.begin();
        let sample = latest.begin();
        assert!(!latest.is_latest(camera), "frames of the camera are dropped");
        assert!(latest.is_latest(sample));
    }
}
