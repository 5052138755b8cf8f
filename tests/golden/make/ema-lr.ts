import { noise, tensor } from "./deterministic.ts";

const parameter = (k: number) => [Math.sin(0.1 * k) + 0.01 * k, Math.cos(0.07 * k) - 0.02 * k];
const written = "[sin(0.1 k) + 0.01 k, cos(0.07 k) - 0.02 k], k = 1, 2, ...";

/** ema-pytorch's rule: copies up to `after`, then 1 − (1 + n / γ)^−p between two bounds. */
function emaCase(beta: number, after: number, every: number, gamma: number, power: number, least: number) {
  const decay = (k: number) => {
    const n = k - after - 1;
    return n <= 0 ? 0 : Math.max(least, Math.min(beta, 1 - (1 + n / gamma) ** -power));
  };
  let average = parameter(1);
  const updates = Array.from({ length: 30 }, (_, i) => {
    const k = i + 1;
    const share = decay(k);
    if (i % every === 0) average = average.map((value, d) => share * value + (1 - share) * parameter(k)[d]!);
    return { decay: share, average };
  });
  return {
    options: {
      beta,
      update_after_step: after,
      update_every: every,
      inv_gamma: gamma,
      power,
      min_value: least,
    },
    online_parameter_at_update_k: written,
    updates: 30,
    get_current_decay_after_update_k: updates.map(({ decay }) => decay),
    ema_parameter_after_update_k: updates.map(({ average }) => average),
  };
}

const A = [
  [3, 0.5, -0.2, 0.1],
  [0.5, 1, 0.3, 0],
  [-0.2, 0.3, 0.4, 0.05],
  [0.1, 0, 0.05, 5],
];
const b = [1, -2, 0.5, 3];

/** torch.optim.SGD on wᵀ A w / 2 − bᵀ w, with everything that a case stores. */
function sgdCase(options: {
  lr: number;
  momentum: number;
  dampening?: number;
  nesterov?: boolean;
  weight_decay?: number;
}) {
  const { lr, momentum, dampening = 0, nesterov = false, weight_decay: decay = 0 } = options;
  let w = [0.3, -0.7, 1.1, 0.2];
  let buffer: number[] | undefined;
  const path = [w];
  const losses: number[] = [];
  const gradients: number[][] = [];
  for (let n = 0; n < 6; n++) {
    const product = A.map((row) => row.reduce((sum, a, j) => sum + a * w[j]!, 0));
    losses.push(product.reduce((sum, value, i) => sum + w[i]! * (value / 2 - b[i]!), 0));
    const plain = product.map((value, i) => value - b[i]!);
    gradients.push(plain);
    const gradient = plain.map((value, i) => value + decay * w[i]!);
    const before: readonly number[] | undefined = buffer;
    const next = gradient.map((g, i) => (before ? momentum * before[i]! + (1 - dampening) * g : g));
    buffer = next;
    w = w.map((value, i) => value - lr * (nesterov ? gradient[i]! + momentum * next[i]! : next[i]!));
    path.push(w);
  }
  return {
    reference: "torch 1.13 optim",
    optimizer: "SGD",
    options,
    w_0_1_2: path,
    loss_at_step: losses,
    gradient_used_at_step: gradients,
    final_state: { momentum_buffer: tensor([4], buffer!) },
  };
}

/** A projection of the last axis, its gradients those of Σ output · cotangent. */
function linearCase(rows: number, into: number, out: number, seed: number) {
  const [x, weight, bias, g] = [
    noise(seed, [rows, into]),
    noise(seed + 1, [out, into]),
    noise(seed + 2, [out]),
    noise(seed + 3, [rows, out]),
  ];
  const of = (n: number, m: number, value: (i: number, j: number) => number) =>
    tensor(
      [n, m],
      Array.from({ length: n * m }, (_, k) => value(Math.floor(k / m), k % m)),
    );
  const sum = (count: number, value: (k: number) => number) =>
    Array.from({ length: count }, (_, k) => value(k)).reduce((a, c) => a + c, 0);
  return {
    op: "linear",
    args: { weight_layout: "[out, in]" },
    inputs: { x, weight, bias },
    output: of(
      rows,
      out,
      (i, j) => bias.data[j]! + sum(into, (k) => x.data[i * into + k]! * weight.data[j * into + k]!),
    ),
    cotangent: g,
    grads: {
      x: of(rows, into, (i, k) => sum(out, (j) => g.data[i * out + j]! * weight.data[j * into + k]!)),
      weight: of(out, into, (j, k) => sum(rows, (i) => g.data[i * out + j]! * x.data[i * into + k]!)),
      bias: tensor(
        [out],
        Array.from({ length: out }, (_, j) => sum(rows, (i) => g.data[i * out + j]!)),
      ),
    },
  };
}

/** A file in the format of ema_lr.json with other options and sizes; some entries have names that nobody knows. */
export function emaLrFile() {
  const stepRate = (k: number, milestones: readonly number[]) =>
    0.02 * 0.3 ** milestones.filter((milestone) => k >= milestone).length;
  const steps = Array.from({ length: 15 }, (_, k) => k);
  const sgd = sgdCase({ lr: 0.05, momentum: 0.8, dampening: 0.4 });
  const linear = linearCase(3, 2, 5, 60);
  return {
    ema_pytorch: [emaCase(0.97, 3, 1, 2, 0.8, 0.1), emaCase(0.9, 0, 4, 1, 2 / 3, 0)],
    lr_torch: [
      {
        name: "MultiStepLR",
        base_lr: 0.02,
        options: { milestones: [4, 9], gamma: 0.3 },
        lr_at_step_0_1_2: steps.map((k) => stepRate(k, [4, 9])),
      },
      { name: "SpiralLR", base_lr: 0.02, options: {}, lr_at_step_0_1_2: [0.02] },
      { name: "StepLR", base_lr: 0.02, options: { step_size: 2, twist: 1 }, lr_at_step_0_1_2: [0.02] },
    ],
    optimizers: [
      sgd,
      sgdCase({ lr: 0.03, momentum: 0.9, nesterov: true, weight_decay: 0.05 }),
      { ...sgd, optimizer: "Spiral" },
      { ...sgd, options: { lr: 0.05, twist: 1 } },
    ],
    functional: [
      linear,
      linearCase(1, 4, 1, 64),
      { ...linear, op: "spiral" },
      { ...linear, args: { twist: 1 } },
    ],
  };
}

/** How many entries of {@link emaLrFile} are unsupported. */
export const unknownEmaLr = 6;
