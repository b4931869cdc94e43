-- Net value from $from to $until: refunds on the day of their order, and on the day they were paid back.
select
  (select coalesce(sum(net), 0) from order_values where is_order and local_date between $from and $until) as net_order_date,
  (select coalesce(sum(placed), 0) from order_values where is_order and local_date between $from and $until)
    - (select coalesce(sum(a.items), 0)
       from order_adjustments a
       join orders o on o.order_number = a.order_number
       where o.is_order and o.local_date <= $as_of and a.local_date <= $as_of and a.local_date between $from and $until
      ) as net_event_date
