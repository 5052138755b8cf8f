// Preloaded by a test: makes this machine one without ONNX Runtime's native library.
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) => {
  if (!request.startsWith("onnxruntime-node")) return load(request, ...rest);
  throw new Error("libonnxruntime.so.1: cannot open shared object file\nRequire stack:\n- binding.js");
};
