// Photos of the user: opened, dropped, pasted and cropped. Also broken, huge, transparent and rotated files.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { PNG } from 'pngjs';
import { accessibility, assertNoErrors, button, launch, open, root, settled, stays, until } from './harness.mjs';

const NETWORK = 'resnet20-cifar';
const SIDE = 32;
const input = (page) => page.evaluate(async () => Array.from(await window.layerscope.activation('input')));

/** Returns a PNG with one colour on its left half and another on its right. */
function halves(width, height, left, right) {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) png.data.set(x < width / 2 ? left : right, (y * width + x) * 4);
  }
  return PNG.sync.write(png);
}

const RED = [255, 0, 0, 255];
const BLUE = [0, 0, 255, 255];
const CLEAR = [0, 0, 0, 0];

/** A file of `tests/fixtures/pictures`. `pixels.json` has the pixels that Pillow reads from them. */
const picture = (name) => readFileSync(join(root, 'tests', 'fixtures', 'pictures', name));
const KNOWN = JSON.parse(picture('pixels.json'));
/** Every such pixel is known. */
const STEP = 23;
/** Formats that browsers do not show, and an icon, which is smaller than the network's input. */
const NOT_SHOWN = /\.(tif|ppm|ico)$/;
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Returns how far the input is from the known pixels of a picture, in levels of 255. The network sees its middle. */
function apart(values, name) {
  const { size: [width, height], pixels } = KNOWN[name];
  const [left, top] = [(width - SIDE) / 2, (height - SIDE) / 2];
  const level = (channel, y, x) =>
    255 * (values[(channel * SIDE + y) * SIDE + x] * IMAGENET.deviation[channel] + IMAGENET.mean[channel]);
  let most = 0;
  pixels.forEach((pixel, i) => {
    const [x, y] = [(i * STEP) % width - left, Math.floor((i * STEP) / width) - top];
    if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) return;
    for (const channel of [0, 1, 2]) most = Math.max(most, Math.abs(level(channel, y, x) - pixel[channel]));
  });
  return most;
}

/** Returns a digit one of 28 x 28 pixels: a bar of ink on paper. */
function bar(ink, paper) {
  const png = new PNG({ width: 28, height: 28 });
  for (let y = 0; y < 28; y += 1) {
    for (let x = 0; x < 28; x += 1) png.data.set(x >= 12 && x < 16 && y >= 5 && y < 23 ? ink : paper, (y * 28 + x) * 4);
  }
  return PNG.sync.write(png);
}

/** Returns the side on which the red channel is greater: left, top, or none. */
function redder(values) {
  const at = (y, x) => values[y * SIDE + x];
  const [left, right, top, bottom] = [at(16, 4), at(16, 27), at(4, 16), at(27, 16)];
  if (left > right + 0.5) return 'left';
  if (right > left + 0.5) return 'right';
  if (top > bottom + 0.5) return 'top';
  if (bottom > top + 0.5) return 'bottom';
  return 'nowhere';
}

/** Returns a JPEG with an EXIF orientation: an APP1 segment after the first two bytes. */
function turned(jpeg, orientation) {
  const tiff = Buffer.from([0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** Returns a GIF of square frames in sequence; each has one colour on its left half and another on its right. */
function gif(side, frames) {
  const word = (number) => [number & 255, number >> 8];
  const size = [...word(side), ...word(side)];
  // 128 colours, so that a code is one byte: red, blue, and unused ones.
  const palette = [...RED.slice(0, 3), ...BLUE.slice(0, 3), ...new Array(126 * 3).fill(0)];
  const bytes = [...Buffer.from('GIF89a'), ...size, 0xf6, 0, 0, ...palette];
  for (const [left, right] of frames) {
    bytes.push(0x21, 0xf9, 4, 4, ...word(10), 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0, 7);
    for (let y = 0; y < side; y += 1) {
      // Clear the code table at every row, so that codes never become wider.
      const row = Array.from({ length: side }, (_, x) => (x < side / 2 ? left : right));
      bytes.push(side + 1, 128, ...row);
    }
    bytes.push(1, 129, 0);
  }
  return Buffer.from([...bytes, 0x3b]);
}

/** Returns a chunk of a PNG. */
function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Returns an animated PNG of two PNGs of the same size. */
function apng(first, second) {
  const part = (png, kind) => {
    const at = png.indexOf(kind);
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  const words = (...numbers) => Buffer.concat(numbers.map((number) => { const word = Buffer.alloc(4); word.writeUInt32BE(number); return word; }));
  const header = part(first, 'IHDR');
  const control = (place) => Buffer.concat([words(place), header.subarray(0, 8), words(0, 0), Buffer.from([0, 1, 0, 10, 0, 0])]);
  return Buffer.concat([
    first.subarray(0, 8), chunk('IHDR', header), chunk('acTL', words(2, 0)),
    chunk('fcTL', control(0)), chunk('IDAT', part(first, 'IDAT')),
    chunk('fcTL', control(1)), chunk('fdAT', Buffer.concat([words(2), part(second, 'IDAT')])),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('photos', () => {
  let browser;
  let page;
  before(async () => {
    browser = await launch({ webgpu: false });
    page = await open(browser, `?net=${NETWORK}&engine=cpu`);
    await settled(page);
  });
  after(() => browser?.close());

  const choose = (name, buffer, mimeType = 'image/png') =>
    page.getByLabel('Photo file', { exact: true }).setInputFiles({ name, mimeType, buffer });
  const shows = (side) => until(`red at the ${side}`, async () => redder(await input(page)), (now) => now === side);

  test('one file is opened, then another', async () => {
    await choose('red-left.png', halves(300, 200, RED, BLUE));
    await shows('left');
    await choose('red-right.png', halves(200, 300, BLUE, RED));
    await shows('right');
  });

  test('transparent pixels are on white', async () => {
    await choose('half.png', halves(64, 64, CLEAR, BLUE));
    await shows('left');
  });

  test('a photo with an EXIF rotation is upright', async () => {
    const jpeg = Buffer.from(await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(96, 64);
      const context = canvas.getContext('2d');
      context.fillStyle = '#f00'; context.fillRect(0, 0, 48, 64);
      context.fillStyle = '#00f'; context.fillRect(48, 0, 48, 64);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer())];
    }));
    await choose('upright.jpg', jpeg, 'image/jpeg');
    await shows('left');
    // Orientation 6: the right side of the stored picture is its bottom.
    await choose('turned.jpg', turned(jpeg, 6), 'image/jpeg');
    await shows('top');
  });

  test('pictures have the pixels that Pillow reads, whatever their format, their colour profile and their rotation', async () => {
    for (const name of Object.keys(KNOWN).filter((name) => !NOT_SHOWN.test(name))) {
      await choose('between.png', halves(64, 64, BLUE, RED));
      await shows('right');
      await choose(name, picture(name), '');
      // A canvas stores colours multiplied by alpha, which rounds them.
      const most = /\.jpg$|lossy/.test(name) ? 5 : 2;
      await until(`the pixels of ${name}`, async () => apart(await input(page), name), (levels) => levels <= most);
    }
  });

  test('a digit is told from its paper, which may be transparent', async () => {
    const digits = await open(browser, '?net=lenet5-modern&engine=cpu&input=photo');
    await settled(digits);
    const text = () => digits.locator('.photo').innerText();
    const ink = async () => {
      const values = await input(digits);
      return [values[16 * SIDE + 16], values[16 * SIDE + 8], values[0]].map((value) => value.toFixed(2)).join(' ');
    };
    const [black, white] = [[0, 0, 0, 255], [255, 255, 255, 255]];
    const grey = halves(28, 28, [90, 90, 90, 255], [200, 200, 200, 255]);
    for (const [name, file, says] of [
      ['dark.png', bar(black, white), /converted to grey and inverted/],
      ['light.png', bar(white, black), /not inverted, because its paper is dark/],
      ['black-ink.png', bar(black, CLEAR), /Its transparent parts are white\.[^]*converted to grey and inverted/],
      ['white-ink.png', bar(white, CLEAR), /Its transparent parts are black[^]*not inverted, because its paper is dark/],
    ]) {
      await digits.getByLabel('Photo file', { exact: true }).setInputFiles({ name: 'grey.png', mimeType: 'image/png', buffer: grey });
      await until('a picture without a digit', ink, (now) => now !== '1.00 0.00 0.00');
      await digits.getByLabel('Photo file', { exact: true }).setInputFiles({ name, mimeType: 'image/png', buffer: file });
      await until(`the digit of ${name}`, ink, (now) => now === '1.00 0.00 0.00');
      assert.match(await text(), says, name);
    }
    await digits.context().close();
  });

  test('of an animation, the first frame is taken, and a message says so', async () => {
    const still = page.getByText('The file is animated; its first frame is used.');
    await choose('red-right.png', halves(64, 64, BLUE, RED));
    await shows('right');
    assert.equal(await still.count(), 0);
    await choose('moves.gif', gif(64, [[0, 1], [1, 0]]), 'image/gif');
    await shows('left');
    assert.equal(await still.count(), 1);
    await choose('one-frame.gif', gif(64, [[1, 0]]), 'image/gif');
    await shows('right');
    assert.equal(await still.count(), 0);
    await choose('moves.png', apng(halves(64, 64, RED, BLUE), halves(64, 64, BLUE, RED)));
    await shows('left');
    assert.equal(await still.count(), 1);
  });

  test('broken and huge files are refused with a message, and the photo stays', async () => {
    await choose('red-left.png', halves(300, 200, RED, BLUE));
    await shows('left');
    const good = halves(40, 40, BLUE, RED);
    const huge = Buffer.from(good);
    huge.writeUInt32BE(40_000, 16);
    huge.writeUInt32BE(40_000, 20);
    for (const [name, buffer, says] of [
      ['cut.png', good.subarray(0, 60), /cut\.png is cut off: the PNG ends before its picture does/],
      ['cut.jpg', picture('444.jpg').subarray(0, 1500), /cut\.jpg is cut off: the JPEG ends before its picture does/],
      ['cut.webp', picture('lossy.webp').subarray(0, 500), /cut\.webp is cut off/],
      ['empty.jpg', Buffer.alloc(0), /empty\.jpg is empty/],
      ['drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /is a file of the format SVG/],
      ['notes.png', Buffer.from('no picture at all'), /is not an image/],
      ['huge.png', huge, /40000 × 40000 pixels/],
    ]) {
      await choose(name, buffer);
      await until(`what is wrong with ${name}`, () => page.getByRole('alert').allInnerTexts(), (texts) => texts.some((text) => says.test(text)));
      assert.equal(redder(await input(page)), 'left', name);
    }
    await button(page, 'Dismiss').click();
  });

  test('a picture can be dropped, and pasted', async () => {
    const give = (kind, bytes) => page.evaluate(([event, values]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(values)], `${event}.png`, { type: 'image/png' }));
      const target = event === 'drop' ? document.querySelector('.photo') : document.body;
      const options = { bubbles: true, cancelable: true };
      target.dispatchEvent(event === 'drop'
        ? new DragEvent('drop', { ...options, dataTransfer: transfer })
        : new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
    }, [kind, [...bytes]]);
    await give('drop', halves(80, 80, BLUE, RED));
    await shows('right');
    await give('paste', halves(80, 80, RED, BLUE));
    await shows('left');
  });

  test('the crop is moved, resized and reset', async () => {
    await choose('wide.png', halves(400, 100, RED, BLUE));
    await shows('left');
    const square = page.locator('.photo-canvas');
    await square.focus();
    for (let i = 0; i < 40; i += 1) await page.keyboard.press('ArrowRight');
    await shows('nowhere');
    await button(page, 'Centre').click();
    await shows('left');
    assert.deepEqual(await accessibility(page), []);
  });

  test('of two samples in a row the newer one stays, even if the older one arrives later', async () => {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route('**/photos/coffee.png', async (route) => {
      await held;
      await route.continue();
    });
    const photo = () => page.evaluate(() => window.layerscope.state().photo);
    const arrived = page.waitForResponse('**/photos/coffee.png');
    await page.evaluate(() => {
      window.layerscope.go('photo=coffee');
      window.layerscope.go('photo=rocket');
    });
    await until('the newer sample', photo, (name) => name === 'rocket');
    release();
    await (await arrived).finished();
    await stays(page, photo, 'rocket');
    await page.unroute('**/photos/coffee.png');
  });

  test('the console has no errors', () => assertNoErrors(page));
});
