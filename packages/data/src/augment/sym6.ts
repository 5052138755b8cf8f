/**
 * The low-pass filter of the sym6 wavelet, 12 taps: orthonormal, so that doubling and halving with it gives back what
 * went in.
 *
 * Source: Daubechies 1992, "Ten Lectures on Wavelets", table 8.3 (least asymmetric, N = 6).
 */
export const SYM6: readonly number[] = [
  0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
  0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
  0.0017677118642428036, -0.007800708325034148,
];
