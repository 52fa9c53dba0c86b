// Starts the page's own WebAssembly once more, in a worker. The module comes compiled; its start function sees that
// there is no document and serves (src/app/worker/serve.rs). What kills it is told, because nothing else would.

const died = (error) => postMessage({ kind: 'died', reason: String(error?.message ?? error) });

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
