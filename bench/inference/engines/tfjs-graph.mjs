/**
 * A graph in the given tfjs, with fused kernels throughout: `evaluate` takes a `[batch, height, width, channels]`
 * tensor and gives a new one, `dispose` frees the weights.
 */
function tfjsNetwork(tf, graph) {
  const weights = new Map();
  for (const node of graph.nodes.filter(({ kernel }) => kernel)) {
    const { name, kind, kernel, kernelShape, bias, shape, groups } = node;
    const filterShape = groups > 1 ? [...kernelShape.slice(0, 2), groups, 1] : kernelShape;
    weights.set(name, {
      filter: tf.tensor(kernel, kind === 'dense' ? [kernel.length / shape[0], shape[0]] : filterShape),
      bias: tf.tensor1d(bias),
    });
  }
  const evaluators = {
    convolution: ({ name, strides, padding, groups, activation }, [x]) => {
      const convolve = groups > 1 ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
      return convolve({ x, ...weights.get(name), strides, pad: pads(padding), activation });
    },
    add: ({ activation }, [a, b]) => (activation === 'relu' ? tf.relu(tf.add(a, b)) : tf.add(a, b)),
    pool: ({ size, strides, padding }, [x]) => tf.maxPool(x, size, strides, pads(padding)),
    globalPool: (_, [x]) => tf.mean(x, [1, 2]),
    dense: ({ name }, [x]) => {
      const { filter, bias } = weights.get(name);
      return tf.fused.matMul({ a: x, b: filter, bias });
    },
  };
  const evaluate = image =>
    tf.tidy(() => {
      const values = new Map([[graph.input.name, image]]);
      for (const node of graph.nodes) {
        const inputs = node.inputs.map(name => values.get(name));
        values.set(node.name, evaluators[node.kind](node, inputs));
      }
      return values.get(graph.output);
    });
  return { evaluate, dispose: () => tf.dispose([...weights.values()]) };
}

/** The engine around it: from images in memory to logits in memory. */
export function tfjsEngine(tf, graph, images, batch, details) {
  const network = tfjsNetwork(tf, graph);
  const input = tf.tensor(images, [batch, ...graph.input.shape]);
  return {
    engine: 'tfjs-backend-wasm',
    details,
    run: () => {
      const output = network.evaluate(input);
      const logits = output.dataSync();
      output.dispose();
      return logits;
    },
    close: () => {
      network.dispose();
      input.dispose();
    },
  };
}

function pads({ top, bottom, left, right }) {
  return top + bottom + left + right === 0
    ? 'valid'
    : [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
}
