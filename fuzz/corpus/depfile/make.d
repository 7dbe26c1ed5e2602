a.o: b.c \
  c\ d.h $$x.h e\#f.h

b.c:

# c
g\:h: i