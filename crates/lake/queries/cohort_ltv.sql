-- Value per cohort up to each age. $by is the cohort column, $value the value column at the as-of.
with members as (
  select $by as cohort, person, local_date as first_order_date
  from order_values
  where order_rank = 1
),
sizes as (
  select cohort, count(*) as customers, min(cast($as_of as int) - cast(first_order_date as int)) as youngest_age
  from members
  group by cohort
),
ages as (
  select column1 as age from (values $ages) as listed
)
select
  sizes.cohort,
  ages.age,
  sizes.customers,
  sizes.youngest_age >= ages.age as complete,
  coalesce(sum(case when o.age_days <= ages.age then o.$value end), 0) as value
from sizes
cross join ages
join members on members.cohort is not distinct from sizes.cohort
join order_values o on o.person = members.person and o.is_order
group by sizes.cohort, ages.age, sizes.customers, sizes.youngest_age
order by sizes.cohort, ages.age
