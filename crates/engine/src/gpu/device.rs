//! The GPU: adapter, device, queue, and the pipelines that all networks on it share.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use super::callback::CallbackSender;
use super::device_health::DeviceHealth;
use super::error::GpuError;
use super::kernel::Kernel;

/// Options for opening a GPU.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GpuOptions {
    /// Prefers a low-power adapter to a fast one.
    pub low_power: bool,
    /// A limit for the size of a buffer in bytes, if it should be lower than the adapter's. Weights are split over more
    /// buffers to stay below it.
    pub max_buffer_bytes: Option<u64>,
}

/// An open GPU. Clones refer to the same GPU.
#[derive(Debug, Clone)]
pub struct Gpu {
    /// Creates the surface of a canvas, after the device is open.
    #[cfg(target_arch = "wasm32")]
    pub instance: wgpu::Instance,
    /// Says which formats a canvas can have, after the device is open.
    #[cfg(target_arch = "wasm32")]
    pub adapter: wgpu::Adapter,
    /// Makes buffers, pipelines and encoders.
    pub device: wgpu::Device,
    /// Takes commands and data for buffers.
    pub queue: wgpu::Queue,
    pub(super) health: Arc<DeviceHealth>,
    name: String,
    software: bool,
    max_buffer_bytes: u64,
    pipelines: Rc<[OnceCell<wgpu::ComputePipeline>; Kernel::ALL.len()]>,
}

/// Returns whether the browser withholds WebGPU because the page does not have a secure context.
#[cfg(target_arch = "wasm32")]
fn is_withheld() -> bool {
    // `globalThis` works in pages and in workers.
    js_sys::Reflect::get(&js_sys::global(), &"isSecureContext".into()).is_ok_and(|secure| secure == false)
}

#[cfg(not(target_arch = "wasm32"))]
fn is_withheld() -> bool {
    false
}

/// Names of software adapters that do not report themselves as such.
const SOFTWARE: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "basic render", "software"];

impl Gpu {
    /// Opens the system's GPU with the highest limits that its adapter supports.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] if there is none, [`GpuError::Insecure`] if the browser withholds it, and
    /// [`GpuError::NoDevice`] if the adapter refuses to open.
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
            // Request timestamps, which time layers, if the adapter supports them.
            required_features: adapter.features() & wgpu::Features::TIMESTAMP_QUERY,
            ..Default::default()
        };
        let (device, queue) = adapter
            .request_device(&descriptor)
            .await
            .map_err(|error| GpuError::NoDevice { reason: error.to_string() })?;

        let health = Arc::new(DeviceHealth::default());
        let callback_health = Arc::clone(&health);
        device.set_device_lost_callback(move |reason, message| {
            callback_health.mark_lost(format!("{reason:?}: {message}"));
        });
        let callback_health = Arc::clone(&health);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| callback_health.record_fault(error.into())));

        let name = name(&adapter, &device);
        let lower = name.to_lowercase();
        let software = adapter.get_info().device_type == wgpu::DeviceType::Cpu
            || SOFTWARE.iter().any(|known| lower.contains(known));
        let limits = device.limits();
        let has = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
        let max_buffer_bytes = options.max_buffer_bytes.map_or(has, |most| most.min(has));
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
            max_buffer_bytes,
            pipelines,
        })
    }

    /// Returns the adapter's name. In a browser this is its vendor and architecture.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the adapter computes on the CPU.
    pub fn is_software(&self) -> bool {
        self.software
    }

    /// Returns the size in bytes of the largest buffer that can be bound.
    pub fn max_buffer_bytes(&self) -> u64 {
        self.max_buffer_bytes
    }

    /// Returns whether the device is lost. Nothing on it works any more.
    pub fn is_lost(&self) -> bool {
        self.health.is_lost()
    }

    /// Returns the device, for drawing into other textures.
    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    /// Returns the queue of the device.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// Destroys the device. From then on everything on it fails with [`GpuError::Lost`].
    pub fn destroy(&self) {
        self.health.mark_lost("destroyed by Layerscope".to_owned());
        self.device.destroy();
    }

    /// Records commands and submits them. Use it to draw without a pass.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is lost, and errors of earlier commands.
    pub fn record(&self, commands: impl FnOnce(&mut wgpu::CommandEncoder)) -> Result<(), GpuError> {
        self.health.check()?;
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("record") });
        commands(&mut encoder);
        self.queue.submit([encoder.finish()]);
        Ok(())
    }

    /// Waits until all submitted work is done. In a browser this yields to the page; natively it blocks.
    ///
    /// # Errors
    /// [`GpuError::Lost`] if the device is lost meanwhile, and errors of earlier commands.
    pub async fn idle(&self) -> Result<(), GpuError> {
        let (sender, done) = CallbackSender::channel(&self.health);
        self.queue.on_submitted_work_done(move || sender.send(()));
        #[cfg(not(target_arch = "wasm32"))]
        if let Err(error) = self.device.poll(wgpu::PollType::wait_indefinitely()) {
            self.health.check()?;
            return Err(GpuError::Readback { reason: error.to_string() });
        }
        done.await;
        self.health.check()
    }

    /// Returns the pipeline of a kernel. It is created on first use, because each one costs a browser tens of
    /// milliseconds.
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

/// Returns the adapter's name. wgpu leaves it empty in browsers, where `GPUDevice.adapterInfo` describes the adapter.
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
