import {
  ActionIcon,
  Alert,
  Autocomplete,
  Button,
  Group,
  JsonInput,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { ApiProblem, post } from "../../api/client";
import { eventNames } from "../../api/queries";
import type { Definition, MoneyPer, Rate, Segment } from "../../api/types";
import { Failure } from "../../components/Failure";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import {
  BOUNDS,
  FIGURES,
  STAGES,
  toDefinition,
  toRows,
  type Bound,
  type FigureName,
  type Row,
  type Rows,
  type StageName,
} from "./conditions";
import { Words } from "./Words";

interface Preview {
  words: string;
  currency: string;
  customers: Rate;
  value_per_customer: MoneyPer;
  value_share: number | null;
}

const FIRST: Rows = { all: true, rows: [{ kind: "figure", name: "purchases", bound: "at_least", value: 2 }] };

function parse(text: string): Definition | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Definition) : null;
  } catch {
    return null;
  }
}

/** Makes a segment row by row, or as JSON, and counts it while it is being made. */
export default function Builder() {
  const { t } = useSpeech();
  const given = (useSearch({ strict: false }) as { definition?: unknown }).definition;
  const begun = typeof given === "string" ? parse(given) : ((given as Definition | undefined) ?? null);
  const [rows, setRows] = useState<Rows | null>(begun ? toRows(begun) : FIRST);
  const [json, setJson] = useState(JSON.stringify(begun ?? toDefinition(FIRST), null, 2));
  const definition = rows ? toDefinition(rows) : parse(json);
  return (
    <>
      <PageHead title={t("segments.new")} question={t("builder.question")} />
      <Stack gap="lg">
        <Section
          title={t("builder.who")}
          aside={
            <SegmentedControl
              size="xs"
              aria-label={t("builder.way")}
              value={rows ? "rows" : "json"}
              data={[
                { value: "rows", label: t("builder.rows") },
                { value: "json", label: "JSON" },
              ]}
              onChange={(way) => {
                if (way === "json" && rows) {
                  setJson(JSON.stringify(toDefinition(rows), null, 2));
                  setRows(null);
                } else if (way === "rows") {
                  const known = definition ? toRows(definition) : null;
                  if (known) setRows(known);
                }
              }}
            />
          }
        >
          {rows ? (
            <RowsForm rows={rows} onChange={setRows} />
          ) : (
            <JsonInput
              autosize
              minRows={8}
              label={t("builder.json")}
              value={json}
              onChange={setJson}
              styles={{ input: { fontFamily: "monospace" } }}
              dir="ltr"
            />
          )}
        </Section>
        {definition && <Count definition={definition} />}
      </Stack>
    </>
  );
}

function RowsForm({ rows, onChange }: { rows: Rows; onChange: (rows: Rows) => void }) {
  const { t } = useSpeech();
  const put = (index: number, row: Row) =>
    onChange({ ...rows, rows: rows.rows.map((one, place) => (place === index ? row : one)) });
  return (
    <Stack gap="sm">
      {rows.rows.length > 1 && (
        <SegmentedControl
          style={{ alignSelf: "flex-start" }}
          size="xs"
          aria-label={t("builder.combine")}
          value={rows.all ? "all" : "any"}
          data={[
            { value: "all", label: t("builder.all") },
            { value: "any", label: t("builder.any") },
          ]}
          onChange={(value) => onChange({ ...rows, all: value === "all" })}
        />
      )}
      {rows.rows.map((row, index) => (
        <Group key={index} gap="xs" align="flex-end">
          <RowForm row={row} onChange={(next) => put(index, next)} />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("builder.remove")}
            disabled={rows.rows.length === 1}
            onClick={() => onChange({ ...rows, rows: rows.rows.filter((_, place) => place !== index) })}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconPlus size={16} />}
        onClick={() =>
          onChange({
            ...rows,
            rows: [...rows.rows, { kind: "figure", name: "days_since_last", bound: "at_most", value: 90 }],
          })
        }
      >
        {t("builder.add")}
      </Button>
    </Stack>
  );
}

function RowForm({ row, onChange }: { row: Row; onChange: (row: Row) => void }) {
  const { t } = useSpeech();
  const what = row.kind === "figure" ? row.name : row.kind;
  const choose = (value: string | null) => {
    if (value === "stage") onChange({ kind: "stage", stages: ["active"] });
    else if (value === "consent") onChange({ kind: "consent", channel: "email", granted: true });
    else if (value === "events") onChange({ kind: "events", name: "Product Viewed", times: 1, days: 30 });
    else if (value) {
      const bound = row.kind === "figure" ? row.bound : "at_least";
      onChange({ kind: "figure", name: value as FigureName, bound, value: row.kind === "figure" ? row.value : 1 });
    }
  };
  return (
    <>
      <Select
        w={260}
        searchable
        allowDeselect={false}
        aria-label={t("builder.what")}
        value={what}
        onChange={choose}
        data={[
          ...FIGURES.map((name) => ({ value: name, label: t(`figureName.${name}`) })),
          { value: "stage", label: t("table.stage") },
          { value: "consent", label: t("builder.consent") },
          { value: "events", label: t("builder.events") },
        ]}
      />
      {row.kind === "events" && <EventsForm row={row} onChange={onChange} />}
      {row.kind === "figure" && (
        <>
          <Select
            w={200}
            allowDeselect={false}
            aria-label={t("builder.bound")}
            value={row.bound}
            onChange={(bound) => bound && onChange({ ...row, bound: bound as Bound })}
            data={BOUNDS.map((bound) => ({ value: bound, label: t(`bound.${bound}`) }))}
          />
          <NumberInput
            w={120}
            aria-label={t("builder.value")}
            value={row.value}
            onChange={(value) => typeof value === "number" && onChange({ ...row, value })}
          />
        </>
      )}
      {row.kind === "stage" && (
        <MultiSelect
          w={320}
          aria-label={t("table.stage")}
          value={row.stages}
          onChange={(stages) => stages.length > 0 && onChange({ ...row, stages: stages as StageName[] })}
          data={STAGES.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }))}
        />
      )}
      {row.kind === "consent" && (
        <>
          <Select
            w={160}
            allowDeselect={false}
            aria-label={t("builder.channel")}
            value={row.channel}
            onChange={(channel) => channel && onChange({ ...row, channel })}
            data={["email", "sms", "whatsapp"]}
          />
          <Select
            w={160}
            allowDeselect={false}
            aria-label={t("builder.granted")}
            value={row.granted ? "yes" : "no"}
            onChange={(value) => onChange({ ...row, granted: value === "yes" })}
            data={[
              { value: "yes", label: t("builder.given") },
              { value: "no", label: t("builder.notGiven") },
            ]}
          />
        </>
      )}
    </>
  );
}

/** An event by its name, how often, and in how many days. Names that came in are offered, any can be written. */
function EventsForm({ row, onChange }: { row: Extract<Row, { kind: "events" }>; onChange: (row: Row) => void }) {
  const { t } = useSpeech();
  const names = useQuery(eventNames).data ?? [];
  const count = (value: string | number, put: (count: number) => Row) => {
    if (typeof value === "number" && value >= 1) onChange(put(Math.round(value)));
  };
  return (
    <>
      <Autocomplete
        w={220}
        label={t("builder.event")}
        value={row.name}
        data={names.map((one) => one.name)}
        onChange={(name) => onChange({ ...row, name })}
      />
      <NumberInput
        w={150}
        min={1}
        label={t("builder.times")}
        value={row.times}
        onChange={(value) => count(value, (times) => ({ ...row, times }))}
      />
      <NumberInput
        w={130}
        min={1}
        label={t("builder.withinDays")}
        value={row.days}
        onChange={(value) => count(value, (days) => ({ ...row, days }))}
      />
    </>
  );
}

/** How many that are now, and the way to keep them. */
function Count({ definition }: { definition: Definition }) {
  const speech = useSpeech();
  const { t, number, share, money } = speech;
  const view = useView();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [asked] = useDebouncedValue(JSON.stringify(definition), 300);
  const query = useQuery({
    queryKey: ["preview", asked, view.asOf],
    queryFn: ({ signal }) =>
      post<Preview>("/segments/preview", { definition: JSON.parse(asked), as_of: view.asOf }, signal),
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: () => post<Segment>("/segments", { name, definition }),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["segments"] });
      await navigate({ to: "/segments/$id", params: { id: saved.id }, search: { asOf: view.asOf } });
    },
  });
  const problem = query.error instanceof ApiProblem ? query.error : null;
  return (
    <Section title={t("builder.count")}>
      <div aria-live="polite">
        {problem && problem.errors.length > 0 ? (
          <Alert color="orange" variant="light">
            {problem.errors.map((error) => (
              <Text size="sm" key={error.pointer + error.detail} lang="en">
                <code dir="ltr">{error.pointer}</code> {error.detail}
              </Text>
            ))}
          </Alert>
        ) : query.isError ? (
          <Failure error={query.error} />
        ) : (
          query.data && (
            <>
              <Text fz={28} fw={650} className="numbers">
                {t("builder.customers", {
                  count: query.data.customers.numerator,
                  number: number(query.data.customers.numerator),
                })}
              </Text>
              <Text className="quiet numbers">
                {t("builder.worth", {
                  share: share(query.data.customers.value),
                  each: money(query.data.value_per_customer.value, query.data.currency),
                  value: share(query.data.value_share),
                })}
              </Text>
              <Text size="sm" className="quiet">
                <Words of={JSON.parse(asked) as Definition} english={query.data.words} />
              </Text>
            </>
          )
        )}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Group mt="md" align="flex-end">
          <TextInput
            required
            maxLength={100}
            label={t("builder.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={save.isPending} disabled={query.isError}>
            {t("builder.save")}
          </Button>
        </Group>
      </form>
      {save.isError && <Failure error={save.error} />}
    </Section>
  );
}
