// Has the page kept for when there is no network (static/service-worker.js), once it has started and fetched what it needs.
// `data-offline` of the document says how far that is: "begun" when every page opens, "whole" when all files are there.
(() => {
  const LATER_MS = 3000;
  const root = document.documentElement;
  const { version } = root.dataset; // releases alone have one (xtask/src/offline.rs): `trunk serve` keeps nothing
  if (!version || !navigator.serviceWorker || parent !== window) return;
  addEventListener('TrunkApplicationStarted', () => setTimeout(async () => {
    try {
      await navigator.serviceWorker.register('/service-worker.js');
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => { root.dataset.offline = data; };
      active.postMessage({ version, all: !navigator.connection?.saveData }, [port2]);
    } catch { /* storage is switched off, or the host has another version by now: the page goes on without */ }
  }, LATER_MS), { once: true });
})();
