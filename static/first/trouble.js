// What is built is not seen until it is whole (src/app/later.rs).
document.body.classList.add('building');
// What is said when the WebAssembly cannot load, is not supported, or dies. It stands outside of it, and before it.
(() => {
  const SLOW_MS = 20000; // longer than 700 KiB take on a poor line; the panel goes away if the page starts after all
  const byId = (id) => document.getElementById(id);
  let started = false, shown = null;

  function show(kind, title, text, said) {
    // The first message says what happened; what follows is its echo. Only slowness may be replaced.
    if (shown && shown !== 'slow') return;
    shown = kind;
    byId('trouble-title').textContent = title;
    byId('trouble-text').textContent = text;
    byId('trouble-said').textContent = said || '';
    byId('trouble-details').hidden = !said;
    byId('trouble').classList.toggle('over-page', started);
    byId('trouble').hidden = false;
    const shell = byId('shell'); // the page takes it away
    if (shell) shell.hidden = true;
  }
  const unsupported = (text) => show('unsupported', 'This browser cannot run Layerscope', text);
  const unloaded = (said) => show('unloaded', 'Layerscope could not be loaded',
    'Part of the page did not arrive. Check your connection, switch off extensions that block scripts, and reload the page.', said);
  const died = (said) => show('died', 'Layerscope has stopped',
    'Something went wrong inside the page, and what it shows no longer changes. Reload the page to go on; the address keeps your drawing. If it happens again, please report what is written below.', said);

  // After the first picture; nothing is painted in a tab that nobody looks at.
  window.__layerscopePainted = new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, 300);
  });
  window.__layerscopeTrouble = (title, text) => show('page', title, text);
  byId('trouble-reload').addEventListener('click', () => location.reload());

  // One function that returns a splatted byte: valid only where 128-bit SIMD is supported.
  const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  if (typeof WebAssembly !== 'object') {
    unsupported('It needs WebAssembly, which is missing or switched off here (some browsers do so in a lockdown or strict mode). Allow it for this page, or use a current Chrome, Edge, Firefox or Safari.');
  } else if (!WebAssembly.validate(new Uint8Array(SIMD))) {
    unsupported('It needs WebAssembly with SIMD, which came with Chrome 91, Firefox 89 and Safari 16.4. Please update this browser, or use a newer one.');
  }

  const text = (error) => String((error && (error.stack || error.message)) || error || '');
  const dead = (error) => error instanceof (globalThis.WebAssembly?.RuntimeError ?? Array);
  window.addEventListener('layerscope-panic', (event) => died(text(event.detail && event.detail.message || event.detail)));
  // In the capturing phase: a script or a module that does not load tells only its own element.
  window.addEventListener('error', (event) => {
    const element = event.target;
    if (element instanceof HTMLScriptElement || element instanceof HTMLLinkElement) {
      if (!started && (element.localName === 'script' || element.rel === 'modulepreload')) {
        unloaded('Not loaded: ' + (element.src || element.href || 'a script that the page imports'));
      }
    } else if (dead(event.error)) died(text(event.error));
    else if (!started) unloaded(event.message);
  }, true);
  window.addEventListener('unhandledrejection', (event) => {
    if (dead(event.reason)) died(text(event.reason));
    else if (!started) unloaded(text(event.reason));
  });
  window.addEventListener('TrunkApplicationStarted', () => {
    started = true;
    clearTimeout(slow);
    if (shown === 'slow') { shown = null; byId('trouble').hidden = true; }
  });
  const slow = setTimeout(() => show('slow', 'Layerscope is still loading',
    'It takes longer than usual. If nothing happens, check your connection and reload the page.'), SLOW_MS);
})();
