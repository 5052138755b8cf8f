/** Tests of TensorFlow.js that the cpu backend passes and this backend does not, each with the reason. */
export const exclusions: Readonly<Record<string, string>> = {
  "avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit":
    "expects dy to be divided by the window's full size, although the forward pass divides by the pixels inside the picture",
  "tan numbers exceed float32 precision":
    "expects 30144.17578125 to within 0.001, which is half the distance to the next float32",
};
