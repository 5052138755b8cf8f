import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { nodeRuntime } from "../src/node/runtime.ts";
import { wasmRuntime } from "../src/web/runtime.ts";
import { loadWasm } from "../src/web/module.ts";
import { encodeModel } from "../src/onnx/model.ts";
import { dirname } from "node:path"; import { createRequire } from "node:module"; import { pathToFileURL } from "node:url";
const folder = pathToFileURL(dirname(createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.mjs"))).href;
const model = (op: string, name: string, attributes: any, shapeA: number[], typeB: any, shapeB: number[], out: number[], domain="") => encodeModel({
 inputs:[{name:"a",type:"float32",shape:shapeA},{name:"b",type:typeB,shape:shapeB}], outputs:[{name:"y",type:"float32",shape:out}], constants:[],
 nodes:[{op,name,domain,inputs:["a","b"],outputs:["y"],attributes}]});
const opts={threads:1,providers:["cpu"],profile:""};
for (const rt of [nodeRuntime(), wasmRuntime(await loadWasm(1, folder))]) {
 const tryIt=(label:string, f:()=>void)=>{ try{f(); console.log(label,"no error");}catch(e){console.log(rt.name,label,"::",(e as Error).message,"\n");} };
 const label="GatherV2(float32[3], int32[2]) -> float32[2] #5";
 tryIt("gather",()=>{const s=rt.compile(model("Gather",label,{axis:0},[3],"int32",[2],[2]),opts); s.run({a:rt.tensor("float32",new Float32Array(3),[3]),b:rt.tensor("int32",Int32Array.of(1,9),[2])},{y:rt.tensor("float32",new Float32Array(2),[2])});});
 tryIt("matmul compile",()=>rt.compile(model("MatMul","BatchMatMul(float32[2,3], float32[2,3]) -> float32[2,2] #0",{},[2,3],"float32",[2,3],[2,2]),opts));
 tryIt("no such op",()=>rt.compile(model("NoSuchOp",label,{},[2,3],"float32",[2,3],[2,2]),opts));
 tryIt("type error",()=>rt.compile(model("Add",label,{},[2,3],"int32",[2,3],[2,2]),opts));
 tryIt("attr error",()=>rt.compile(model("Gather",label,{axis:7},[2,3],"int32",[2,3],[2,2]),opts));
 tryIt("out shape",()=>{const s=rt.compile(model("Add",label,{},[2],"float32",[2],[3]),opts);});
 tryIt("wrong feed",()=>{const s=rt.compile(model("Add",label,{},[2],"float32",[2],[2]),opts); s.run({a:rt.tensor("float32",new Float32Array(3),[3]),b:rt.tensor("float32",new Float32Array(2),[2])},{y:rt.tensor("float32",new Float32Array(2),[2])});});
 tryIt("wrong out",()=>{const s=rt.compile(model("Add",label,{},[2],"float32",[2],[2]),opts); s.run({a:rt.tensor("float32",new Float32Array(2),[2]),b:rt.tensor("float32",new Float32Array(2),[2])},{y:rt.tensor("float32",new Float32Array(3),[3])});});
 const m2 = encodeModel({inputs:[{name:"a",type:"float32",shape:[6]},{name:"b",type:"float32",shape:[1]}],outputs:[{name:"y",type:"float32",shape:[1000000,1000000]}],constants:[{name:"s",type:"int64",shape:[2],bytes:new Uint8Array(BigInt64Array.of(1000000n,1000000n).buffer)}],nodes:[{op:"Expand",name:"Tile(float32[]) -> float32[1000000,1000000] #0",domain:"",inputs:["b","s"],outputs:["t"],attributes:{}},{op:"Neg",name:"Neg(float32[1000000,1000000]) -> float32[1000000,1000000] #1",domain:"",inputs:["t"],outputs:["y"],attributes:{}}]});
 tryIt("oom", ()=>{const s=rt.compile(m2,opts); s.run({a:rt.tensor("float32",new Float32Array(6),[6]),b:rt.tensor("float32",new Float32Array(1),[1])},{y:rt.tensor("float32",new Float32Array(1),[1,1])})});
}
process.exit()
