-- Days between consecutive purchases of identified customers, and which gap of the customer it is (1 = first to second).
select gap_number, gap_days
from (
  select
    row_number() over (partition by person order by order_rank) - 1 as gap_number,
    cast(local_date as int)
      - cast(lag(local_date) over (partition by person order by order_rank) as int) as gap_days
  from order_values
  where is_purchase and identified
) as consecutive
where gap_days is not null
order by gap_days, gap_number
