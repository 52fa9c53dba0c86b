// The checks of the style sheets: stylelint's standard, and why this project departs from it.
import oneHome from './tests/style/one-home.mjs';

const COLOUR_FUNCTIONS = ['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'lab', 'lch', 'oklab', 'oklch'];

/** @type {import('stylelint').Config} */
export default {
  extends: 'stylelint-config-standard',
  plugins: [oneHome],
  reportNeedlessDisables: true,
  reportDescriptionlessDisables: true,
  rules: {
    // A class belongs to one sheet (tests/style/one-home.mjs).
    'layerscope/one-home': true,
    // The palette alone holds colours.
    'color-no-hex': true,
    'color-named': 'never',
    'function-disallowed-list': COLOUR_FUNCTIONS,

    // A short rule is one line, so that similar rules read as a table. A rule beyond 120 columns has one declaration per line.
    'declaration-block-single-line-max-declarations': null,
    // Tables of rules go from the whole to its parts and back, for example from `th:first-child` to `thead th`.
    'no-descending-specificity': null,
    // `(width <= 820px)` came with Chrome 104; the page runs from Chrome 91 on.
    'media-feature-range-notation': 'prefix',
    // Safari knows `user-select` with its prefix only.
    'property-no-vendor-prefix': [true, { ignoreProperties: ['-webkit-user-select'] }],
  },
  overrides: [
    {
      files: ['static/styles/palette.css'],
      rules: { 'color-no-hex': null, 'color-named': null, 'function-disallowed-list': null },
    },
  ],
};
