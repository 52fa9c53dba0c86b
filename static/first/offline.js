// Registers the service worker (static/service-worker.js), which caches the page for use without a network, after the
// page has started and fetched what it needs. `data-offline` of the document is the progress: "begun" when every page
// can open, "whole" when all files are cached.
(() => {
  const LATER_MS = 3000;
  const root = document.documentElement;
  const { version } = root.dataset; // only releases have one (xtask/src/offline.rs); `trunk serve` caches nothing
  if (!version || !navigator.serviceWorker || parent !== window) return;
  addEventListener('TrunkApplicationStarted', () => setTimeout(async () => {
    try {
      await navigator.serviceWorker.register('/service-worker.js');
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => { root.dataset.offline = data; };
      active.postMessage({ version, all: !navigator.connection?.saveData }, [port2]);
    } catch { /* storage is switched off, or the host has another version by now: go on without the cache */ }
  }, LATER_MS), { once: true });
})();
