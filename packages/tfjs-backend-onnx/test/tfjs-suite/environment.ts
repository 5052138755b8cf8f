import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util";

const backendName = process.env.TFJS_SUITE_BACKEND ?? "onnx";

setTestEnvs([{ name: backendName, backendName, flags: {}, isDataSync: true }]);
