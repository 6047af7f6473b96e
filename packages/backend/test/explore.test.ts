import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { appendFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';
import { useBackend } from '../src/index.js';
import { difference, families, guardHeap, outcomeOn, Random } from './sweep/index.js';

it('explores', async () => {
  await tf.setBackend('cpu');
  await useBackend('wasm');
  let guard = guardHeap();
  const factory = tf.findBackendFactory('wasm');
  const restart = async () => {
    guard.release();
    (tf.findBackend('wasm') as unknown as { dispose: unknown }).dispose = () => {};
    await tf.setBackend('cpu');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    guard = guardHeap();
  };
  const runs = Number(process.env.RUNS ?? 40);
  const lines: string[] = [];
  for (const [name, family] of Object.entries(families)) {
    if (process.env.FAMILY && !process.env.FAMILY.split(',').includes(name)) continue;
    const found = new Map<string, string[]>();
    let invalid = 0;
    for (let seed = 0; seed < runs; seed++) {
      let c;
      try {
        c = family(new Random(seed * 7919 + name.length));
      } catch (e) {
        lines.push(`GEN ${name}: ${e}`);
        continue;
      }
      if (process.env.LOG) appendFileSync(process.env.LOG, c.name + '\n');
      const cpu = await outcomeOn('cpu', c);
      if ('error' in cpu) {
        invalid++;
        if (process.env.SHOWINVALID) lines.push(`   INVALID ${c.name}: ${cpu.error.message.split('\n')[0]}`);
        continue;
      }
      if (process.env.ISOLATE) await restart();
      for (let k = 0; k < 2; k++) {
        guard.damage.length = 0;
        const wasm = await outcomeOn('wasm', c);
        const d = difference(cpu, wasm, c.tolerance) ?? guard.damage[0];
        if (d && /memory access|unreachable|Aborted|before|behind/.test(d)) await restart();
        if (d) {
          const op = c.name.split(/ [[{]/)[0]!;
          if (!found.has(op)) found.set(op, []);
          found.get(op)!.push(`${c.name} => ${d}`);
          break;
        }
      }
    }
    const at = lines.length;
    lines.push(
      `## ${name}: ${runs} runs, ${invalid} invalid; bad ops: ${[...found].map(([o, l]) => `${o}(${l.length})`).join(' ')}`,
    );
    for (const [, l] of found)
      for (const x of l.slice(0, Number(process.env.SHOW ?? 2))) lines.push('   ' + x.slice(0, 330));
    appendFileSync('/tmp/k/out.txt', lines.slice(at).join('\n') + '\n');
  }
  console.log(lines.join('\n'));
}, 600000);
