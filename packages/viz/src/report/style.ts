/** The look of a report: readable on a phone, on paper and in the dark. Charts bring a white ground of their own. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d5dae0; --ground: #fff; --warn: #fff3d6 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa4af; --line: #3a424b; --ground: #15181c; --warn: #4a3a10 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 66rem; padding: 1.5rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.8rem } h2 { margin: 2.2rem 0 .4rem; font-size: 1.2rem }
p { margin: .2rem 0 .8rem; color: var(--soft) }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .6rem 1.2rem; margin: 1rem 0 }
dt { color: var(--soft); font-size: .8rem } dd { margin: 0; font-variant-numeric: tabular-nums }
aside { margin: .6rem 0; padding: .6rem .8rem; border-radius: .4rem; background: var(--warn) }
figure { margin: 0 } figcaption { color: var(--soft); font-size: .8rem }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem }
img { max-width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); border-radius: .25rem }
.chart svg { max-width: 100%; height: auto; background: #fff; border-radius: .25rem }
details { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 1rem } pre { overflow-x: auto; font-size: .8rem }
`;
