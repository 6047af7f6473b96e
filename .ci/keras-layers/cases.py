"""Layers that TensorFlow.js has, what each needs, and values off the default for every option."""

initial = ["he_normal"]
regular = [{"class_name": "L2", "config": {"l2": 0.01}}]
constrained = ["max_norm"]
off = {"trainable": [False], "dtype": ["mixed_float16", "float64"]}


def weight(name):
    return {f"{name}_initializer": initial, f"{name}_regularizer": regular, f"{name}_constraint": constrained}


activations = ["relu", "relu6", "elu", "selu", "gelu", "swish", "silu", "softmax", "log_softmax", "softplus", "softsign", "tanh", "sigmoid",
               "hard_sigmoid", "exponential", "leaky_relu", "mish", "linear", "hard_silu", "hard_swish", "celu", "glu", "tanh_shrink",
               "hard_tanh", "hard_shrink", "soft_shrink", "squareplus", "log_sigmoid", "sparse_plus", "sparsemax", "threshold"]
few = ["relu", "hard_sigmoid", "gelu"]
kernel = {"activation": few, "use_bias": [False], **weight("kernel"), **weight("bias"), "activity_regularizer": ["l2"]}
formats = ["channels_first"]


def convolution(axes, **more):
    return {"strides": [2], "padding": ["same", "causal"], "data_format": formats, "dilation_rate": [2], "groups": [2], **kernel, **more}


def pooling(axes):
    return {"pool_size": [3], "strides": [1, 3], "padding": ["same"], "data_format": formats}


global_pooling = {"data_format": formats, "keepdims": [True]}
cell = {"activation": ["relu", "hard_sigmoid"], "use_bias": [False], **weight("kernel"), **weight("recurrent"), **weight("bias"),
        "dropout": [0.3], "recurrent_dropout": [0.3], "seed": [1]}
gated = {**cell, "recurrent_activation": ["hard_sigmoid", "relu"]}
sequence = {"return_sequences": [True], "return_state": [True], "go_backwards": [True], "stateful": [True], "unroll": [True],
            "zero_output_for_mask": [True], "time_major": [True], "activity_regularizer": ["l2"], "use_cudnn": [False], "implementation": [1, 2]}
image, line, volume, steps = (6, 6, 4), (7, 4), (5, 5, 5, 2), (4, 3)
dropouts = {"rate": [0.7], "seed": [1], "noise_shape": [(None, 1)]}

# Class: (arguments, shape of the input or shapes of the inputs, options, combinations)
layers = {
    "Dense": ({"units": 3}, (4,), {**kernel, "activation": activations}, [{"activation": "tanh", "use_bias": False}]),
    "EinsumDense": ({"equation": "ab,bc->ac", "output_shape": 3}, (4,), {"bias_axes": ["c"], "activation": few, **weight("kernel")}, []),
    "Embedding": ({"input_dim": 5, "output_dim": 3}, (4,), {**weight("embeddings"), "mask_zero": [True], "activity_regularizer": ["l2"],
                                                           "input_length": [4], "sparse": [True]}, []),
    "Activation": ({"activation": "relu"}, (4,), {"activation": activations}, []),
    "ReLU": ({}, (4,), {"max_value": [6.0, 1.0, 0.0], "negative_slope": [0.1], "threshold": [0.5]}, [{"max_value": 2.0, "negative_slope": 0.1}]),
    "LeakyReLU": ({}, (4,), {"negative_slope": [0.1, 0.0], "alpha": [0.1, 0.0]}, []),
    "PReLU": ({}, image, {**weight("alpha"), "shared_axes": [[1, 2], [1], 1]}, []),
    "ELU": ({}, (4,), {"alpha": [0.5, 2.0]}, []),
    "ThresholdedReLU": ({}, (4,), {"theta": [0.5, 0.0]}, []),
    "Softmax": ({}, (3, 4), {"axis": [1, 2, -1, -2, [1, 2]]}, []),
    "Dropout": ({"rate": 0.5}, (4,), dropouts, []),
    "SpatialDropout1D": ({"rate": 0.5}, line, {"rate": [0.7], "seed": [1]}, []),
    "SpatialDropout2D": ({"rate": 0.5}, image, {"rate": [0.7], "seed": [1], "data_format": formats}, []),
    "AlphaDropout": ({"rate": 0.5}, (4,), dropouts, []),
    "GaussianDropout": ({"rate": 0.5}, (4,), {"rate": [0.7], "seed": [1]}, []),
    "GaussianNoise": ({"stddev": 0.5}, (4,), {"stddev": [0.7], "seed": [1]}, []),
    "ActivityRegularization": ({}, (4,), {"l1": [0.1], "l2": [0.1]}, []),
    "BatchNormalization": ({}, image, {"axis": [1, 2, 3, -1, -2], "momentum": [0.5], "epsilon": [0.5], "center": [False], "scale": [False],
                                       **weight("beta"), **weight("gamma"), "moving_mean_initializer": ["ones"],
                                       "moving_variance_initializer": ["zeros"], "renorm": [True], "synchronized": [True],
                                       "virtual_batch_size": [2], "fused": [False]}, [{"axis": 1, "scale": False}]),
    "LayerNormalization": ({}, image, {"axis": [1, 2, 3, -1, [1, 2], [2, 3], [1, 2, 3], [-1, -2]], "epsilon": [0.5], "center": [False],
                                       "scale": [False], **weight("beta"), **weight("gamma"), "rms_scaling": [True]}, []),
    "Conv1D": ({"filters": 4, "kernel_size": 3}, line, convolution(1), [{"padding": "same", "strides": 2}, {"padding": "same", "dilation_rate": 2}]),
    "Conv2D": ({"filters": 4, "kernel_size": 3}, image, {**convolution(2), "kernel_size": [2, (3, 2)], "strides": [2, (2, 1)],
                                                         "dilation_rate": [2, (1, 2)]},
               [{"padding": "same", "strides": 2}, {"padding": "same", "dilation_rate": 2}, {"padding": "same", "data_format": "channels_first"},
                {"groups": 2, "padding": "same"}]),
    "Conv3D": ({"filters": 2, "kernel_size": 2}, volume, convolution(3), [{"padding": "same", "strides": 2}]),
    "Conv2DTranspose": ({"filters": 3, "kernel_size": 3}, (3, 3, 2), convolution(2, output_padding=[1, (0, 0)], strides=[2, 3]),
                        [{"padding": "same", "strides": 2}, {"strides": 2, "output_padding": 1}, {"kernel_size": 2, "strides": 3},
                         {"kernel_size": 2, "strides": 3, "padding": "same"}, {"strides": 2, "padding": "same", "output_padding": 0}]),
    "Conv3DTranspose": ({"filters": 2, "kernel_size": 2}, (3, 3, 3, 2), convolution(3, output_padding=[1]),
                        [{"padding": "same", "strides": 2}, {"kernel_size": 2, "strides": 3}]),
    "SeparableConv2D": ({"filters": 3, "kernel_size": 3}, image, {**convolution(2), **weight("depthwise"), **weight("pointwise"),
                                                                  "depth_multiplier": [2]},
                        [{"padding": "same", "strides": 2}, {"padding": "same", "dilation_rate": 2}]),
    "DepthwiseConv2D": ({"kernel_size": 3}, image, {**convolution(2), **weight("depthwise"), "depth_multiplier": [2], "strides": [2, (1, 2)]},
                        [{"padding": "same", "strides": 2}]),
    **{f"{kind}Pooling{axes}D": ({}, shape, pooling(axes), [{"padding": "same", "strides": 1}, {"padding": "same", "pool_size": 3, "strides": 2}])
       for kind in ("Max", "Average") for axes, shape in ((1, line), (2, image), (3, volume))},
    **{f"Global{kind}Pooling{axes}D": ({}, shape, global_pooling, []) for kind in ("Max", "Average") for axes, shape in ((1, line), (2, image))},
    "SimpleRNN": ({"units": 3}, steps, {**cell, **sequence}, [{"return_sequences": True, "go_backwards": True}]),
    "LSTM": ({"units": 3}, steps, {**gated, **sequence, "unit_forget_bias": [False]},
             [{"return_sequences": True, "return_state": True}, {"return_sequences": True, "go_backwards": True}]),
    "GRU": ({"units": 3, "reset_after": False}, steps, {**gated, **sequence, "reset_after": [True]},
            [{"return_sequences": True, "return_state": True}, {"reset_after": True, "use_bias": False}]),
    "ConvLSTM2D": ({"filters": 2, "kernel_size": 2}, (3, 4, 4, 2),
                   {**gated, **sequence, "strides": [2], "padding": ["same"], "data_format": formats, "dilation_rate": [2],
                    "unit_forget_bias": [False]}, [{"return_sequences": True, "padding": "same"}]),
    "Flatten": ({}, image, {"data_format": formats}, []),
    "Reshape": ({"target_shape": (4, 9, 4)}, image, {"target_shape": [(144,), (-1, 4), (2, -1, 2)]}, []),
    "Permute": ({"dims": (2, 1, 3)}, image, {"dims": [(3, 1, 2)]}, []),
    "RepeatVector": ({"n": 2}, (4,), {"n": [3]}, []),
    "Masking": ({}, steps, {"mask_value": [1.0]}, []),
    "ZeroPadding2D": ({}, image, {"padding": [2, (1, 2), ((1, 0), (2, 1))], "data_format": formats}, []),
    "Cropping2D": ({"cropping": 1}, image, {"cropping": [2, (1, 2), ((1, 0), (2, 1))], "data_format": formats}, []),
    "UpSampling2D": ({}, (3, 3, 2), {"size": [3, (2, 3)], "data_format": formats, "interpolation": ["bilinear", "bicubic"]}, []),
    "Rescaling": ({"scale": 0.5}, image, {"offset": [1.0, [1.0, 2.0, 3.0, 4.0]], "scale": [[1.0, 2.0, 3.0, 4.0]]}, []),
    "CenterCrop": ({"height": 4, "width": 4}, image, {"height": [3], "data_format": formats}, []),
    "Resizing": ({"height": 4, "width": 4}, image, {"interpolation": ["nearest", "bicubic"], "crop_to_aspect_ratio": [True],
                                                    "pad_to_aspect_ratio": [True], "antialias": [True]}, []),
    "CategoryEncoding": ({"num_tokens": 5}, (3,), {"output_mode": ["one_hot", "count", "multi_hot"], "sparse": [True]}, []),
    "Add": ({}, [(4,), (4,)], {}, []), "Multiply": ({}, [(4,), (4,)], {}, []), "Average": ({}, [(4,), (4,)], {}, []),
    "Maximum": ({}, [(4,), (4,)], {}, []), "Minimum": ({}, [(4,), (4,)], {}, []), "Subtract": ({}, [(4,), (4,)], {}, []),
    "Concatenate": ({}, [(3, 4), (3, 4)], {"axis": [1, 2, -2]}, []),
    "Dot": ({"axes": 1}, [(4,), (4,)], {"normalize": [True], "axes": [-1, [1, 1]]}, []),
}

# Layers around a layer: (outer class, inner class, inner arguments, shape of the input, outer options, inner options)
sequence_of = {"return_sequences": [True], "return_state": [True], "go_backwards": [True], "stateful": [True], "use_bias": [False],
               "recurrent_activation": ["hard_sigmoid"], "kernel_regularizer": ["l2"]}
wrapped = [
    ("TimeDistributed", "Dense", {"units": 3}, steps, {}, {"activation": few, "use_bias": [False], "kernel_regularizer": ["l2"]}),
    ("TimeDistributed", "Conv2D", {"filters": 2, "kernel_size": 2}, (2, 4, 4, 2), {}, {"padding": ["same"], "strides": [2], "groups": [2]}),
    ("TimeDistributed", "BatchNormalization", {}, (2, 4, 4, 2), {}, {"epsilon": [0.5]}),
    ("TimeDistributed", "Flatten", {}, (2, 4, 4, 2), {}, {}),
    *[("Bidirectional", inner, arguments, steps, {"merge_mode": ["sum", "mul", "ave", "concat", None]}, sequence_of)
      for inner, arguments in (("SimpleRNN", {"units": 2}), ("LSTM", {"units": 2}), ("GRU", {"units": 2, "reset_after": False}),
                               ("GRU", {"units": 2}))],
    *[("RNN", inner, arguments, steps, {"return_sequences": [True], "return_state": [True], "go_backwards": [True]},
       {"activation": ["relu"], "recurrent_activation": ["hard_sigmoid"], "use_bias": [False], "dropout": [0.3]})
      for inner, arguments in (("SimpleRNNCell", {"units": 3}), ("LSTMCell", {"units": 3}), ("GRUCell", {"units": 3, "reset_after": False}))],
]
