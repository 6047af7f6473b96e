/**
 * node check.mjs <folder> <chromium>: opens the bundled pages of the folder in Chromium and checks what they do. Prints
 * one line for every check and the counts; exits with 1 if anything is wrong.
 */
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const [folder, executablePath] = process.argv.slice(2);
const TOLERANCE = 1e-4;
const IMAGES = 200;
/** Bytes by which the page may grow. Keeping each of the images would make 2.5 MB, keeping one plan 2 MB. */
const GROWTH = 1_000_000;

let passed = 0;
let failed = 0;
function check(what, right, found) {
  if (right) passed += 1;
  else failed += 1;
  console.log(`${right ? 'ok    ' : 'FAILED'}  ${what}${right ? '' : `: ${JSON.stringify(found)}`}`);
}

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const browser = await chromium.launch({ executablePath, args: flags.split(' ') });
console.log(`Chromium ${browser.version()}`);

/** Opens a page, lets `act` use it, and checks that nothing was complained about meanwhile. */
async function withPage(title, name, isolated, act) {
  const server = await serve(folder, isolated);
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  try {
    await page.goto(server.url(name));
    await ready(page);
    await act(page);
  } catch (error) {
    check(`${title} ends`, false, String(error));
  }
  check(`${title}: the console stays empty`, complaints.length === 0, complaints);
  await page.close();
  server.close();
}

/** Waits for the page's script. Not `waitForFunction`: that polls with `eval`, which the pages do not allow. */
async function ready(page) {
  for (let look = 0; look < 300; look++) {
    if (await page.evaluate('globalThis.ready === true')) return;
    await page.waitForTimeout(100);
  }
  throw new Error('its script was not ready after 30 s');
}

/** Calls one of the functions of runtime-page.mjs. */
const call = (page, name, ...given) =>
  page.evaluate(([name, given]) => globalThis.runtime[name](...given), [name, given]);

/** Bytes of the page's objects and of the memory behind its arrays, without what is not reachable any more. */
async function bytesOf(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize + backingStorageSize;
}

/** Looks a few times: the browser learns of ended workers a little later. */
async function workersBecome(page, count) {
  for (let look = 0; look < 50 && page.workers().length !== count; look++) await page.waitForTimeout(100);
  return page.workers().length;
}

async function checkPlan(page, title, options, threads) {
  const opened = await call(page, 'open', options);
  check(`${title}: a sparse checkpoint compiles to ${threads} threads`, opened.threads === threads, opened);
  check(`${title}: zeros are left out`, opened.flopDensity < 0.2, opened);
  const workers = await workersBecome(page, threads - 1);
  check(`${title}: there is a worker for every thread but the page's`, workers === threads - 1, workers);
  const { error, results } = await call(page, 'compare');
  check(`${title}: logits are those of TensorFlow.js`, error <= TOLERANCE, error);
  await call(page, 'repeat', 50);
  const before = await bytesOf(page);
  const different = await call(page, 'repeat', IMAGES);
  const growth = (await bytesOf(page)) - before;
  check(`${title}: ${IMAGES} images give what they gave before`, different === 0, different);
  check(`${title}: memory does not grow with ${IMAGES} images`, growth < GROWTH, growth);
  await call(page, 'close');
  const left = await workersBecome(page, 0);
  check(`${title}: no worker is left after disposal`, left === 0, left);
  return results;
}

await withPage('isolated page', 'runtime-page', true, async page => {
  const { isolated, cores } = await call(page, 'facts');
  check('isolated page: it is cross-origin isolated', isolated === true, isolated);
  const one = await checkPlan(page, 'one thread', { threads: 1 }, 1);
  const two = await checkPlan(page, 'two threads', { threads: 2 }, 2);
  check('two threads give what one gives, to the last bit', one.join() === two.join(), [one, two]);
  await checkPlan(page, 'plain SIMD', { threads: 1, instructions: 'simd' }, 1);
  await checkPlan(page, 'by default', {}, cores);
  const before = await bytesOf(page);
  for (let round = 0; round < 5; round++) {
    await call(page, 'open', { threads: 2 });
    await call(page, 'compare');
    await call(page, 'close');
  }
  await workersBecome(page, 0);
  const growth = (await bytesOf(page)) - before;
  check('memory does not grow with plans that were disposed of', growth < GROWTH, growth);
});

await withPage('other page', 'runtime-page', false, async page => {
  const { isolated } = await call(page, 'facts');
  check('other page: it is not cross-origin isolated', isolated === false, isolated);
  await checkPlan(page, 'not isolated', {}, 1);
  const two = await call(page, 'open', { threads: 2 });
  check('not isolated: two threads are refused', two.code === 'THREADS_UNAVAILABLE', two);
  const damaged = await call(page, 'open', {}, true);
  check('a damaged checkpoint is refused', damaged.code === 'CORRUPT_CHECKPOINT', damaged);
});

await withPage('training page', 'training-page', true, async page => {
  const { error, losses, ...facts } = await page.evaluate('training()');
  check('training: it runs on WASM with our kernels', facts.registered === 'wasm' && facts.kernels > 0, facts);
  check('training: pruned weights are those of cpu', error <= 1e-3, error);
  check('training: the loss falls', losses[1] < 0.9 * losses[0], losses);
  check('training: the sparsity is what was asked for', Math.abs(facts.sparsity - 0.75) < 0.01, facts);
  check('training: no tensor is leaked', facts.leaked === 0, facts);
});

await browser.close();
console.log(`browser: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
