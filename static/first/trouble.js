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
  // In the language of the page.
  const WORDS = {
    en: {
      unsupported: 'This browser cannot run Layerscope',
      unloaded: ['Layerscope could not be loaded', 'Part of the page did not arrive. Check your connection, switch off extensions that block scripts, and reload the page.'],
      died: ['Layerscope has stopped', 'Something went wrong inside the page, and what it shows no longer changes. Reload the page to go on; the address keeps what you have done. If it happens again, please report what is written below.'],
      slow: ['Layerscope is still loading', 'It takes longer than usual. If nothing happens, check your connection and reload the page.'],
      wasm: 'It needs WebAssembly, which is missing or switched off here (some browsers do so in a lockdown or strict mode). Allow it for this page, or use a current Chrome, Edge, Firefox or Safari.',
      simd: 'It needs WebAssembly with SIMD, which came with Chrome 91, Firefox 89 and Safari 16.4. Please update this browser, or use a newer one.',
      script: 'a script that the page imports', said: 'What the browser said', reload: 'Reload the page',
    },
    zh: {
      unsupported: '此浏览器无法运行 Layerscope',
      unloaded: ['Layerscope 未能载入', '页面的一部分没有送达。请检查网络连接，关闭会拦截脚本的扩展，然后重新载入页面。'],
      died: ['Layerscope 已停止', '页面内部出了错，显示的内容不再变化。重新载入页面即可继续；地址里保留着你所做的一切。如果再次发生，请报告下面的内容。'],
      slow: ['Layerscope 仍在载入', '花的时间比平时长。如果一直没有反应，请检查网络连接并重新载入页面。'],
      wasm: '它需要 WebAssembly，而这里没有或被关闭了（有些浏览器在锁定或严格模式下会这样）。请为本页允许它，或使用新版的 Chrome、Edge、Firefox 或 Safari。',
      simd: '它需要带 SIMD 的 WebAssembly，Chrome 91、Firefox 89 与 Safari 16.4 起支持。请更新此浏览器，或换用更新的浏览器。',
      script: '页面引入的一个脚本', said: '浏览器的原话', reload: '重新载入页面',
    },
  };
  const words = WORDS[document.documentElement.lang] ?? WORDS.en;
  byId('trouble-summary').textContent = words.said;
  byId('trouble-reload').textContent = words.reload;
  const unsupported = (text) => show('unsupported', words.unsupported, text);
  const unloaded = (said) => show('unloaded', ...words.unloaded, said);
  const died = (said) => show('died', ...words.died, said);

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
    unsupported(words.wasm);
  } else if (!WebAssembly.validate(new Uint8Array(SIMD))) {
    unsupported(words.simd);
  }

  const text = (error) => String((error && (error.stack || error.message)) || error || '');
  const dead = (error) => error instanceof (globalThis.WebAssembly?.RuntimeError ?? Array);
  window.addEventListener('layerscope-panic', (event) => died(text(event.detail && event.detail.message || event.detail)));
  // In the capturing phase: a script or a module that does not load tells only its own element.
  window.addEventListener('error', (event) => {
    const element = event.target;
    if (element instanceof HTMLScriptElement || element instanceof HTMLLinkElement) {
      if (!started && (element.localName === 'script' || element.rel === 'modulepreload')) {
        unloaded('Not loaded: ' + (element.src || element.href || words.script));
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
  const slow = setTimeout(() => show('slow', ...words.slow), SLOW_MS);
})();
