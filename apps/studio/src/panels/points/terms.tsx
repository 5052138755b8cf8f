import type { NoiseLevel } from "@ddpm/core";

/** What the letters mean, with the numbers of this moment. */
export function Terms({ t, alpha, sigma }: NoiseLevel & { readonly t: number }) {
  return (
    <dl class="terms">
      <dt>t</dt>
      <dd>time: 0 is data, 1 is noise. The arrows show t = {t.toFixed(2)}.</dd>
      <dt>
        x<sub>0</sub>
      </dt>
      <dd>a clean point, one of the grey ones.</dd>
      <dt>ε</dt>
      <dd>noise: a point from a normal distribution around the middle.</dd>
      <dt>
        x<sub>t</sub>
      </dt>
      <dd>
        α x<sub>0</sub> + σ ε = {alpha.toFixed(2)} x<sub>0</sub> + {sigma.toFixed(2)} ε, the network&apos;s
        input, together with t.
      </dd>
      <dt>
        x̂<sub>0</sub>
      </dt>
      <dd>
        its estimate of the clean point: the mean of all clean points that may have become x<sub>t</sub>. Each
        arrow goes from x<sub>t</sub> towards it; near t = 1 all point to the middle, near t = 0 to the
        nearest data.
      </dd>
      <dt>loss</dt>
      <dd>the mean squared error of the network&apos;s prediction, over all t.</dd>
      <dt>path</dt>
      <dd>a blue point starts as noise and moves step by step towards the estimate, while t falls.</dd>
    </dl>
  );
}
