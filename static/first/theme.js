// Light or dark, before anything is painted: what was chosen on this page, else what the system says.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem('layerscope.theme'); } catch { /* storage is switched off */ }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
