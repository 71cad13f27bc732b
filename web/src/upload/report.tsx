import type { ImportedFile, ImportReport } from "../api/types";
import { whole } from "../numbers";
import { strings } from "../strings";

const { upload } = strings;

/** What an import took, what not and why. */
export function Report({ report }: { report: ImportReport }) {
  const { read, accepted, rejected, stored, outside, unlocated, replaced, files, skipped, notices } = report;
  const figures: [string, number][] = [
    [upload.read, read],
    [upload.accepted, accepted],
    [upload.rejected, rejected],
    [upload.located, stored - outside - unlocated],
    [upload.outside, outside],
    [upload.unlocated, unlocated],
    [upload.replaced, replaced],
  ];
  return (
    <div class="import">
      <dl class="figures">
        {figures.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{whole(count)}</dd>
          </div>
        ))}
      </dl>
      {files.length > 1 && <Files files={files} />}
      {rejected > 0 && <Rejects report={report} />}
      {skipped.length > 0 && (
        <details>
          <summary>
            {upload.skipped} ({skipped.length})
          </summary>
          <ul>
            {skipped.map(({ name, reason }) => (
              <li key={name}>
                {name}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      {notices.map((notice) => (
        <p class="quiet" key={notice}>
          {notice}
        </p>
      ))}
    </div>
  );
}

function Files({ files }: { files: readonly ImportedFile[] }) {
  return (
    <details>
      <summary>
        {upload.files} ({files.length})
      </summary>
      <div class="table" tabIndex={0} role="region" aria-label={upload.files}>
        <table>
          <thead>
            <tr>
              <th scope="col">{upload.file}</th>
              <th scope="col" class="number">
                {upload.read}
              </th>
              <th scope="col" class="number">
                {upload.rejected}
              </th>
              <th scope="col">{upload.stored}</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ name, read, rejected, committed, reason }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{whole(read)}</td>
                <td class="number">{whole(rejected)}</td>
                <td>{committed ? upload.stored : `${upload.notStored}: ${reason ?? ""}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Rejects({ report: { files, rejects, rejected } }: { report: ImportReport }) {
  return (
    <details open>
      <summary>
        {upload.rejects} ({whole(rejected)})
      </summary>
      <p class="ways">
        {files.map(
          ({ name, rejects_url }) =>
            rejects_url && (
              <a key={name} href={rejects_url} download="">
                {upload.rejectsFile}
                {files.length > 1 && ` (${name})`}
              </a>
            ),
        )}
      </p>
      <div class="table" tabIndex={0} role="region" aria-label={upload.rejects}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                {upload.line}
              </th>
              <th scope="col">{upload.column}</th>
              <th scope="col">{upload.value}</th>
              <th scope="col">{upload.rule}</th>
            </tr>
          </thead>
          <tbody>
            {rejects.map(({ file, line, column, value, rule }) => (
              <tr key={`${file} ${line} ${column ?? ""}`}>
                <td class="number">{line}</td>
                <td>{column}</td>
                <td>{value}</td>
                <td class="words">{rule}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
