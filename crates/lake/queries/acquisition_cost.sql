-- Spend and new customers per month; the cost is null where nobody was acquired.
with spent as (
  select local_month as month, sum(amount) as spend, sum(case when kind = 'media' then amount else 0 end) as media
  from spend
  where local_date <= $as_of
  group by local_month
),
acquired as (
  select cohort_month as month, count(*) as new_customers
  from customers
  group by cohort_month
)
select
  coalesce(acquired.month, spent.month) as month,
  coalesce(spent.spend, 0) as spend,
  coalesce(spent.media, 0) as media,
  coalesce(acquired.new_customers, 0) as new_customers,
  case when acquired.new_customers > 0 then cast(coalesce(spent.spend, 0) as double) / acquired.new_customers end as blended_cac
from acquired
full outer join spent on spent.month = acquired.month
order by month
