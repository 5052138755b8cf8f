/**
 * Entry of the bundle that holds TensorFlow.js's own tests, registered for the backend named by `TFJS_SUITE_BACKEND`.
 * The order of imports matters: environments have to be set before the tests are evaluated.
 */
import "@tensorflow/tfjs-core/dist/index";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-cpu";
import "../../src/index.ts";
import "./environment.ts";
import "@tensorflow/tfjs-core/dist/tests";

export { setBackend } from "@tensorflow/tfjs-core/dist/index";
