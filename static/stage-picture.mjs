// Draws the stage as a picture for the export panel (src/app/take): background, maps, connections and all text, on one
// canvas as the page shows it now. The script is loaded on first use and adds one function to the window.

const STYLES = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap',
  'opacity', 'vector-effect', 'display', 'visibility'];
/** Elements that are controls, or are invisible. */
const NOT_DRAWN = '.stage-controls, .minimap, .hidden-text, .fold, canvas, svg, script, style';

/** Returns an SVG of the page as an image, with the styles of the page's style sheet. */
async function imageOf(svg, { width, height }) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const computed = getComputedStyle(originals[i]);
    element.setAttribute('style', STYLES.map((name) => `${name}:${computed.getPropertyValue(name)}`).join(';'));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** Draws the backgrounds and the texts of an element and its descendants. */
function write(context, element, origin) {
  if (element.matches(NOT_DRAWN)) return;
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden' || Number(style.opacity) === 0) return;
  const box = element.getBoundingClientRect();
  if (!/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor) && element !== origin.element) {
    context.fillStyle = style.backgroundColor;
    context.fillRect(box.left - origin.left, box.top - origin.top, box.width, box.height);
  }
  for (const child of element.childNodes) {
    if (child.nodeType === Node.ELEMENT_NODE) {
      write(context, child, origin);
    } else if (child.nodeType === Node.TEXT_NODE && child.data.trim()) {
      const range = document.createRange();
      range.selectNodeContents(child);
      const place = range.getBoundingClientRect();
      context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      context.fillStyle = style.color;
      context.textBaseline = 'middle';
      context.fillText(child.data.trim(), place.left - origin.left, place.top + place.height / 2 - origin.top, place.width + 1);
    }
  }
}

/**
 * Returns the stage as a PNG of at least twice its resolution.
 *
 * `paint` draws the maps again: the content of a WebGPU canvas is readable only before control returns to the browser.
 */
window.layerscopeStagePicture = async (paint) => {
  const area = document.querySelector('.stage-area');
  const { left, top, width, height } = area.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  const sharpness = Math.max(2, devicePixelRatio);
  [canvas.width, canvas.height] = [Math.round(width * sharpness), Math.round(height * sharpness)];
  const context = canvas.getContext('2d');
  context.scale(sharpness, sharpness);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--paper');
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  paint();
  for (const maps of area.querySelectorAll('canvas.stage-canvas:not([hidden])')) {
    context.drawImage(maps, 0, 0, width, height);
  }
  for (const svg of area.querySelectorAll('svg.overlay')) {
    const box = svg.getBoundingClientRect();
    if (box.width > 0 && box.height > 0) {
      context.drawImage(await imageOf(svg, box), box.left - left, box.top - top, box.width, box.height);
    }
  }
  write(context, area, { element: area, left, top });
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the canvas gives no picture'))), 'image/png');
  });
};
