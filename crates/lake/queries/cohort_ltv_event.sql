-- Net value per cohort up to each age, each refund at the age on which it was paid back.
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
),
movements as (
  select person, age_days, placed as value
  from order_values
  where is_order
  union all
  select o.person, a.age_days, -a.items as value
  from order_adjustments a
  join order_values o on o.order_number = a.order_number
  where o.is_order and a.local_date <= $as_of
)
select
  sizes.cohort,
  ages.age,
  sizes.customers,
  sizes.youngest_age >= ages.age as complete,
  coalesce(sum(case when m.age_days <= ages.age then m.value end), 0) as value
from sizes
cross join ages
join members on members.cohort is not distinct from sizes.cohort
join movements m on m.person = members.person
group by sizes.cohort, ages.age, sizes.customers, sizes.youngest_age
order by sizes.cohort, ages.age
