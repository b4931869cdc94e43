import { Skeleton, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { MetricAnswer } from "../../api/types";
import { useSpeech } from "../../i18n";
import { CustomersLink } from "../CustomersLink";
import { Failure } from "../Failure";
import { SectionMenu } from "../SectionMenu";
import { SortableTable, type Column } from "../SortableTable";
import { valueOf } from "../values";
import { FigureMenu } from "./FigureMenu";
import { groupOf } from "./figure";
import type { GroupRow } from "./groups";
import { useGroups, type Asked } from "./useGroups";

/** A column that is reckoned from others, or comes from elsewhere. */
export interface Further<Name extends string> {
  key: string;
  label: string;
  by: (row: GroupRow<Name>) => number | null;
  text: (row: GroupRow<Name>, answers: Record<Name, MetricAnswer>) => ReactNode;
}

/** Several figures by group, each with its menu: groups of few are grey. */
export function GroupTable<Name extends string>(props: {
  name: string;
  label: string;
  /** What the groups are, as the API calls it. */
  by: string;
  groupLabel: string;
  figures: Record<Name, Asked & { label: string }>;
  further?: Further<NoInfer<Name>>[];
  /** Which figure says that a group is too small. */
  small: NoInfer<Name>;
  minWidth: number;
  note?: (rows: GroupRow<NoInfer<Name>>[]) => ReactNode;
}) {
  const { name, label, by, groupLabel, figures, further = [], small, minWidth, note } = props;
  const speech = useSpeech();
  const { t } = speech;
  const groups = useGroups(figures);
  if (groups.state === "waiting") return <Skeleton height={240} aria-busy />;
  if (groups.state === "no column") return <Text className="quiet">{t("figure.noColumn")}</Text>;
  if (groups.state === "failed") return <Failure error={groups.error} />;
  const { rows, answers } = groups;
  if (rows.length === 0) return <Text className="quiet">{t("figure.nobody")}</Text>;
  const nameOf = (group: string) => (group === "unknown" || group === "(none)" ? t("unknown") : group);
  const names = Object.keys(figures) as Name[];
  const columns: Column<GroupRow<Name>>[] = [
    {
      key: "group",
      label: groupLabel,
      isText: true,
      by: (row) => nameOf(row.group),
      cell: (row) => (
        <CustomersLink of={groupOf(by, row.group)}>
          <bdi>{nameOf(row.group)}</bdi>
        </CustomersLink>
      ),
    },
    ...names.map((key): Column<GroupRow<Name>> => ({
      key,
      label: figures[key].label,
      by: (row) => row.value[key],
      cell: (row) =>
        row.value[key] === null ? (
          "–"
        ) : (
          <FigureMenu
            figure={{
              metric: figures[key].metric,
              title: `${figures[key].label}, ${nameOf(row.group)}`,
              question: figures[key].question,
              group: row.group,
              row: { [by]: row.group, [figures[key].metric]: row.value[key], n: row.n[key] },
            }}
          >
            {valueOf(answers[key], row.value[key], speech)}
          </FigureMenu>
        ),
    })),
    ...further.map((column): Column<GroupRow<Name>> => ({
      key: column.key,
      label: column.label,
      by: column.by,
      cell: (row) => column.text(row, answers),
    })),
  ];
  return (
    <>
      {note?.(rows)}
      <SortableTable
        label={label}
        minWidth={minWidth}
        columns={columns}
        rows={rows}
        keyOf={(row) => row.group}
        isSmall={(row) => row.small[small]}
        most={15}
      />
      <SectionMenu
        name={name}
        rows={rows.map((row) => ({
          [by]: row.group,
          ...Object.fromEntries(names.map((key) => [figures[key].metric, row.value[key]])),
          ...Object.fromEntries(further.map((column) => [column.key, column.by(row)])),
        }))}
      />
    </>
  );
}
