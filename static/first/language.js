// Sets the language before anything is painted: that of the address, else the one chosen on this page, else the first
// supported language of the browser. src/app/language.rs reads the attribute.
(() => {
  const THERE = ['en', 'zh'];
  const main = (tag) => String(tag ?? '').toLowerCase().split('-')[0];
  let chosen = null;
  try { chosen = localStorage.getItem('layerscope.language'); } catch { /* storage is switched off */ }
  const asked = new URLSearchParams(location.search).get('lang');
  const wishes = [asked, chosen, ...(navigator.languages ?? [])].map(main);
  document.documentElement.lang = wishes.find((language) => THERE.includes(language)) ?? 'en';
})();
