// The page stays invisible until it is completely built (src/app/deferred.rs).
document.body.classList.add('building');
// Shows a panel if the WebAssembly cannot load, is not supported, or crashes. This script is independent of the
// WebAssembly and runs before it.
(() => {
  // Longer than 700 KiB take on a slow connection. The panel disappears if the page starts after all.
  const SLOW_MS = 20000;
  const byId = (id) => document.getElementById(id);
  let started = false, shown = null;

  function show(kind, title, text, said) {
    // The first message names the cause, and later ones are consequences. Only the message about slowness may be
    // replaced.
    if (shown && shown !== 'slow') return;
    shown = kind;
    byId('trouble-title').textContent = title;
    byId('trouble-text').textContent = text;
    byId('trouble-said').textContent = said || '';
    byId('trouble-details').hidden = !said;
    byId('trouble').classList.toggle('over-page', started);
    byId('trouble').hidden = false;
    const shell = byId('shell'); // the page removes it
    if (shell) shell.hidden = true;
  }
  // The texts in the languages of the page.
  const WORDS = {
    en: {
      unsupported: 'This browser cannot run Layerscope',
      unloaded: ['Layerscope could not be loaded', 'Part of the page did not arrive. Check your connection, switch off extensions that block scripts, and reload the page.'],
      died: ['Layerscope has stopped', 'An error stopped the page, and what it shows no longer changes. Reload the page to continue; the address keeps what you have done. If this happens again, please report the text below.'],
      slow: ['Layerscope is still loading', 'Loading takes longer than usual. If nothing happens, check your connection and reload the page.'],
      wasm: 'Layerscope needs WebAssembly, which is missing or switched off in this browser (some browsers switch it off in a lockdown or strict mode). Allow it for this page, or use a current Chrome, Edge, Firefox or Safari.',
      simd: 'Layerscope needs WebAssembly with SIMD, which is part of Chrome 91, Firefox 89 and Safari 16.4 and later. Please update this browser, or use a newer one.',
      script: 'a script that the page imports', said: 'What the browser said', reload: 'Reload the page',
    },
    zh: {
      unsupported: '此浏览器无法运行 Layerscope',
      unloaded: ['Layerscope 未能载入', '页面的一部分没有送达。请检查网络连接，关闭会拦截脚本的扩展，然后重新载入页面。'],
      died: ['Layerscope 已停止', '页面因错误而停止，显示的内容不再变化。重新载入页面即可继续；地址里保留着你所做的一切。如果再次发生，请报告下面的内容。'],
      slow: ['Layerscope 仍在载入', '载入的时间比平时长。如果一直没有反应，请检查网络连接并重新载入页面。'],
      wasm: 'Layerscope 需要 WebAssembly，而此浏览器没有它或关闭了它（有些浏览器在锁定或严格模式下会关闭它）。请为本页允许它，或使用新版的 Chrome、Edge、Firefox 或 Safari。',
      simd: 'Layerscope 需要带 SIMD 的 WebAssembly，Chrome 91、Firefox 89 与 Safari 16.4 起支持。请更新此浏览器，或换用更新的浏览器。',
      script: '页面引入的一个脚本', said: '浏览器的原话', reload: '重新载入页面',
    },
  };
  const words = WORDS[document.documentElement.lang] ?? WORDS.en;
  byId('trouble-summary').textContent = words.said;
  byId('trouble-reload').textContent = words.reload;
  const unsupported = (text) => show('unsupported', words.unsupported, text);
  const unloaded = (said) => show('unloaded', ...words.unloaded, said);
  const died = (said) => show('died', ...words.died, said);

  // Resolves after the first paint, or after 300 ms: a background tab paints nothing.
  window.__layerscopePainted = new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, 300);
  });
  window.__layerscopeTrouble = (title, text) => show('page', title, text);
  byId('trouble-reload').addEventListener('click', () => location.reload());

  // A module with one function that returns a splatted byte. It is valid only if 128-bit SIMD is supported.
  const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
  if (typeof WebAssembly !== 'object') {
    unsupported(words.wasm);
  } else if (!WebAssembly.validate(new Uint8Array(SIMD))) {
    unsupported(words.simd);
  }

  const text = (error) => String((error && (error.stack || error.message)) || error || '');
  const dead = (error) => error instanceof (globalThis.WebAssembly?.RuntimeError ?? Array);
  window.addEventListener('layerscope-panic', (event) => died(text(event.detail && event.detail.message || event.detail)));
  // In the capturing phase: the load error of a script or a module does not bubble.
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
