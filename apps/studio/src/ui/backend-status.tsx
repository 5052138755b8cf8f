import { BACKENDS, type BackendChoice } from "../engine/backends/names.ts";
import {
  backendChoice,
  backendFailure,
  backendReport,
  changeBackend,
  startBackend,
} from "../state/backend.ts";

const choices: readonly BackendChoice[] = ["auto", ...BACKENDS];

/** Which backend computes and why, and the choice of another. */
export function BackendStatus() {
  const report = backendReport.value;
  const failure = backendFailure.value;
  const summary = failure ? "not running" : (report?.name ?? backendChoice.value);
  return (
    <details class="backend">
      <summary>
        Backend: <strong>{summary}</strong>
      </summary>
      <div class="popover">
        <label class="field">
          <span>Use</span>
          <select
            value={backendChoice.value}
            onChange={({ currentTarget }) => void changeBackend(currentTarget.value as BackendChoice)}
          >
            {choices.map((name) => (
              <option key={name} value={name}>
                {name === "auto" ? "the first that works" : name}
              </option>
            ))}
          </select>
        </label>
        {failure && <p role="alert">{failure}</p>}
        {report ? (
          <>
            <p>
              <strong>{report.name}</strong>: {report.detail}
            </p>
            {report.passedOver.length > 0 && (
              <ul>
                {report.passedOver.map(({ name, reason }) => (
                  <li key={name}>
                    not {name}: {reason}
                  </li>
                ))}
              </ul>
            )}
          </>
        ) : (
          <p>
            No backend is loaded until something is computed.{" "}
            <button type="button" onClick={() => void startBackend()}>
              Start it
            </button>
          </p>
        )}
      </div>
    </details>
  );
}
