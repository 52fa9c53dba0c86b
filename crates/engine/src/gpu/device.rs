//! The GPU: adapter, device, queue, and the pipelines that every network on it shares.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::error::GpuError;
use super::health::{Answer, Health};
use super::kernel::Kernel;

/// What to ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GpuOptions {
    /// Whether battery matters more than speed.
    pub low_power: bool,
    /// The largest buffer to use, in bytes, where it should be smaller than what the adapter takes: weights are then
    /// split over more buffers.
    pub most_bytes: Option<u64>,
}

/// A GPU ready for work. Clones are the same GPU.
#[derive(Debug, Clone)]
pub struct Gpu {
    // Only canvases need these two once there is a device.
    /// Makes the surface of a canvas.
    #[cfg(target_arch = "wasm32")]
    pub instance: wgpu::Instance,
    /// Says which formats a canvas can have.
    #[cfg(target_arch = "wasm32")]
    pub adapter: wgpu::Adapter,
    /// Makes buffers, pipelines and encoders.
    pub device: wgpu::Device,
    /// Takes commands and data for buffers.
    pub queue: wgpu::Queue,
    pub(super) health: Arc<Health>,
    name: String,
    software: bool,
    most_bytes: u64,
    pipelines: Rc<[OnceCell<wgpu::ComputePipeline>; Kernel::ALL.len()]>,
}

/// Whether a browser withholds WebGPU because the page does not come securely.
#[cfg(target_arch = "wasm32")]
fn is_withheld() -> bool {
    // A worker is asked as a page is.
    js_sys::Reflect::get(&js_sys::global(), &"isSecureContext".into()).is_ok_and(|secure| secure == false)
}

#[cfg(not(target_arch = "wasm32"))]
fn is_withheld() -> bool {
    false
}

/// Names of adapters that compute on the CPU, where the adapter does not say so itself.
const SOFTWARE: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "basic render", "software"];

impl Gpu {
    /// The system's GPU, with all the limits it has.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] where there is none, [`GpuError::Insecure`] where the browser withholds it,
    /// [`GpuError::NoDevice`] where it refuses.
    pub async fn new(options: &GpuOptions) -> Result<Self, GpuError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        let power_preference = match options.low_power {
            true => wgpu::PowerPreference::LowPower,
            false => wgpu::PowerPreference::HighPerformance,
        };
        let request = wgpu::RequestAdapterOptions { power_preference, ..Default::default() };
        let adapter = instance.request_adapter(&request).await.map_err(|error| {
            if is_withheld() { GpuError::Insecure } else { GpuError::NoAdapter { reason: error.to_string() } }
        })?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("layerscope"),
            required_limits: adapter.limits(),
            // Layers are timed where the adapter can.
            required_features: adapter.features() & wgpu::Features::TIMESTAMP_QUERY,
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| GpuError::NoDevice { reason: error.to_string() })?;

        let health = Arc::new(Health::default());
        let told = Arc::clone(&health);
        device.set_device_lost_callback(move |reason, message| told.lose(format!("{reason:?}: {message}")));
        let told = Arc::clone(&health);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| told.blame(error.into())));

        let name = name(&adapter, &device);
        let lower = name.to_lowercase();
        let software = adapter.get_info().device_type == wgpu::DeviceType::Cpu
            || SOFTWARE.iter().any(|known| lower.contains(known));
        let limits = device.limits();
        let has = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
        let most_bytes = options.most_bytes.map_or(has, |most| most.min(has));
        let pipelines = Rc::new(std::array::from_fn(|_| OnceCell::new()));
        Ok(Self {
            #[cfg(target_arch = "wasm32")]
            instance,
            #[cfg(target_arch = "wasm32")]
            adapter,
            device,
            queue,
            health,
            name,
            software,
            most_bytes,
            pipelines,
        })
    }

    /// What the adapter calls itself; in a browser, its vendor and architecture.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the adapter computes on the CPU.
    pub fn is_software(&self) -> bool {
        self.software
    }

    /// Bytes of the largest buffer that can be bound.
    pub fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    /// Whether the device is gone; nothing on it works any more.
    pub fn is_lost(&self) -> bool {
        self.health.is_lost()
    }

    /// The device, for drawing into textures of one's own.
    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    /// The queue of the device.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// Gives the device up: everything on it fails with [`GpuError::Lost`] from now on.
    pub fn destroy(&self) {
        self.health.lose("destroyed by Layerscope".to_owned());
        self.device.destroy();
    }

    /// Records commands and submits them: for drawing what is there without a pass.
    ///
    /// # Errors
    /// [`GpuError::Lost`] where the device is gone; faults of earlier commands.
    pub fn record(&self, commands: impl FnOnce(&mut wgpu::CommandEncoder)) -> Result<(), GpuError> {
        self.health.check()?;
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("record") });
        commands(&mut encoder);
        self.queue.submit([encoder.finish()]);
        Ok(())
    }

    /// Waits until all that was submitted is done. In a browser this yields to the page; natively it blocks.
    ///
    /// # Errors
    /// [`GpuError::Lost`] where the device goes meanwhile; faults of earlier commands.
    pub async fn idle(&self) -> Result<(), GpuError> {
        let (answer, done) = Answer::expect(&self.health);
        self.queue.on_submitted_work_done(move || answer.give(()));
        #[cfg(not(target_arch = "wasm32"))]
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            self.health.check()?;
            return Err(GpuError::Readback { reason: error.to_string() });
        }
        done.await;
        self.health.check()
    }

    /// The pipeline of a kernel, made when it is first asked for: each costs a browser tens of milliseconds.
    pub(super) fn pipeline(&self, kernel: Kernel) -> &wgpu::ComputePipeline {
        self.pipelines[kernel as usize].get_or_init(|| {
            let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(kernel.name()),
                source: wgpu::ShaderSource::Wgsl(kernel.source().into()),
            });
            self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(kernel.name()),
                layout: None,
                module: &module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        })
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn name(adapter: &wgpu::Adapter, _device: &wgpu::Device) -> String {
    adapter.get_info().name
}

/// wgpu leaves a browser's adapter without a name; `GPUDevice.adapterInfo` has what there is.
#[cfg(target_arch = "wasm32")]
fn name(adapter: &wgpu::Adapter, device: &wgpu::Device) -> String {
    use wasm_bindgen::JsValue;
    let text = |object: &JsValue, key: &str| {
        js_sys::Reflect::get(object, &JsValue::from_str(key)).ok().and_then(|value| value.as_string())
    };
    let device: Option<&JsValue> = device.as_webgpu().map(AsRef::as_ref);
    let info = device.and_then(|device| js_sys::Reflect::get(device, &JsValue::from_str("adapterInfo")).ok());
    let parts: Vec<String> = info
        .iter()
        .flat_map(|info| ["vendor", "architecture", "device"].map(|key| text(info, key)))
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let described = adapter.get_info().name;
    match (described.is_empty(), parts.is_empty()) {
        (false, _) => described,
        (true, false) => parts.join(" "),
        (true, true) => "WebGPU adapter".to_owned(),
    }
}
