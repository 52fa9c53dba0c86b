// Sets the language before anything is painted: that of the address, else the one chosen on this page, else the first
// supported language of the browser. Hides what the page says in other languages until it is built. src/app/language.rs
// reads the attribute. The list LANGUAGES is in crates/words/languages.js.
(() => {
  const THERE = LANGUAGES.map(([code]) => code);
  const main = (tag) => String(tag ?? '').toLowerCase().split('-')[0];
  let chosen = null;
  try { chosen = localStorage.getItem('layerscope.language'); } catch { /* storage is switched off */ }
  const asked = new URLSearchParams(location.search).get('lang');
  const wishes = [asked, chosen, ...(navigator.languages ?? [])].map(main);
  const language = wishes.find((wish) => THERE.includes(wish)) ?? THERE[0];
  document.documentElement.lang = language;
  const others = document.createElement('style');
  others.textContent = `#shell [lang]:not([lang="${language}"]) { display: none; }`;
  document.head.append(others);
})();
