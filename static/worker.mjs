// Starts the page's WebAssembly a second time, in a worker. The module arrives compiled. Its start function detects
// that there is no document and serves requests (src/app/worker/serve.rs). Errors are reported to the page, because
// nothing else would report them.

const died = (error) => postMessage({ died: String(error?.message ?? error) });

addEventListener('unhandledrejection', (event) => died(event.reason));
addEventListener('error', (event) => died(event.message));
addEventListener('message', async ({ data: { glue, module } }) => {
  try {
    const { default: init } = await import(glue);
    await init({ module_or_path: module });
  } catch (error) {
    died(error);
  }
}, { once: true });
