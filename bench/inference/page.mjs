/** What runs in the page: `measure(options)` as `measure.mjs` does in Node. */
import { compareEngines } from './comparison.mjs';
import { openOnnxruntimeWeb } from './engines/onnxruntime-web.mjs';
import { openTfjsWeb } from './engines/tfjs-web.mjs';

globalThis.measure = options => {
  if (!globalThis.crossOriginIsolated) throw new Error('The page is not cross-origin isolated.');
  return compareEngines(options, {
    dense: { tfjs: openTfjsWeb, 'ort-web': openOnnxruntimeWeb },
    sparse: { espalier: async (...given) => (await import('./engines/espalier.mjs')).openEspalier(...given) },
  });
};
