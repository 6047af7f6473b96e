/**
 * The same comparison in Chromium: our plan beside tfjs-backend-wasm and onnxruntime-web, in a cross-origin isolated
 * page.
 *
 *   pnpm build && bench/inference/peers.sh
 *   node bench/inference/browser.mjs [--chromium /usr/bin/chromium] and the options of run.mjs that it shares
 *
 * Writes bench/results/inference/<network>-<distribution>-chromium-<threads>t.json and README.md beside it.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.mjs';
import { checkedOptions, fail, sharedOptions } from './options.mjs';
import { servePage } from './page-server.mjs';
import { peersIn } from './peers.mjs';
import { report } from './report.mjs';
import { writeTables } from './table.mjs';

const { values } = parseArgs({
  options: { ...sharedOptions, chromium: { type: 'string', default: '/usr/bin/chromium' } },
});
const { threadCounts, ...options } = checkedOptions(values, ['espalier', 'tfjs', 'ort-web']);
if (!existsSync(values.chromium)) fail(`there is no ${values.chromium}: name a Chromium with --chromium`);

const { chromium } = peersIn(values.peers).load('playwright-core');
const server = await servePage(values.peers);
const browser = await chromium.launch({
  executablePath: values.chromium,
  args: '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  ),
});
try {
  for (const threads of threadCounts) {
    const machine = { ...describeMachine(), browser: `Chromium ${browser.version()}` };
    const page = await browser.newPage();
    page.on('pageerror', error => console.error(error.message));
    page.on('console', message => {
      if (message.type() === 'error') console.error(message.text());
    });
    await page.goto(server.url);
    await page.waitForFunction('globalThis.measure');
    const result = await page.evaluate(given => globalThis.measure(given), { ...options, threads });
    await page.close();
    report(result, { machine, program: 'browser.mjs', engine: 'chromium', options });
  }
} finally {
  await browser.close();
  server.close();
}
writeTables();
