// The languages of the pages, a row each: the code, which is also the name of its folder in `locales`, its own name,
// and what stands between two sentences. Pages in an unknown language are in the first of them. The build scripts of
// `words` and `messages` read the rows as JSON, and every page has this file inlined.
const LANGUAGES = [
  ["en", "English", " "],
  ["zh", "中文", ""]
];
