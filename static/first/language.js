// The language, before anything is painted: what the address says, else what was chosen on this page, else the first of the
// browser's that there are words in. src/app/language.rs goes on from the attribute.
(() => {
  const THERE = ['en', 'zh'];
  const main = (tag) => String(tag ?? '').toLowerCase().split('-')[0];
  let chosen = null;
  try { chosen = localStorage.getItem('layerscope.language'); } catch { /* storage is switched off */ }
  const asked = new URLSearchParams(location.search).get('lang');
  const wishes = [asked, chosen, ...(navigator.languages ?? [])].map(main);
  document.documentElement.lang = wishes.find((language) => THERE.includes(language)) ?? 'en';
})();
