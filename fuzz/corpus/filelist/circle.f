l.f
-f l.f
