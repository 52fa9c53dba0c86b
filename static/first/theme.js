// Sets light or dark before anything is painted: the theme chosen on this page, else that of the system.
(() => {
  let chosen = null;
  try { chosen = localStorage.getItem('layerscope.theme'); } catch { /* storage is switched off */ }
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
